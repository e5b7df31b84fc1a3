import { readFileSync } from 'node:fs';
import path from 'node:path';

export const project = path.resolve(import.meta.dirname, '../../..');
/** The version that package.json names. */
export const version: string = JSON.parse(readFileSync(path.join(project, 'package.json'), 'utf8')).version;

/** Where make.ts puts the release that is tried. */
export const out = path.join(project, '.cache/package-test');
const artifact = (name: string) => path.join(out, name);
export const made = {
  deb: artifact(`thinpool-exporter_${version}_amd64.deb`),
  rpm: artifact(`thinpool-exporter-${version}-1.x86_64.rpm`),
  executable: artifact(`thinpool-exporter-${version}-linux-x64`),
  bundle: artifact(`thinpool-exporter-${version}.mjs`),
  sbom: artifact(`thinpool-exporter-${version}.cdx.json`),
} as const;

/** A captured host, for those that have no pools. */
export const replay = path.join(project, 'test/hosts/lab-recipe');

/** What it takes to make a release and a Debian to install it in. */
export const needs = ['x64', 'root', 'debootstrap'] as const;
