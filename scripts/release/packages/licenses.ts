import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A library that is part of the program. */
export interface Library {
  readonly name: string;
  readonly version: string;
  /** As its package.json says it, an SPDX expression. */
  readonly license: string;
  readonly folder: string;
}

interface LockedPackage {
  readonly dev?: boolean;
  readonly optional?: boolean;
}

/** What `npm ci --omit=dev` installs, by the lockfile, in the order of names. */
export function runtimeLibraries(project: string): readonly Library[] {
  const lock = JSON.parse(readFileSync(path.join(project, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, LockedPackage>>;
  };
  return Object.entries(lock.packages)
    .filter(([place, { dev }]) => place !== '' && dev !== true)
    .map(([place]) => describe(path.join(project, place)))
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

function describe(folder: string): Library {
  const about = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
  };
  const { name, version, license } = about;
  if (license === undefined) throw new Error(`${name} ${version}: package.json names no licence`);
  return { name, version, license, folder };
}

const licenseFile = /^(?:licen[cs]e|copying|notice)/i;

/** The texts that the libraries' licences require to be passed on. */
export function renderLicenses(libraries: readonly Library[]): string {
  return libraries
    .map((library) => {
      const { name, version, license, folder } = library;
      return [`== ${name} ${version} (${license})`, ...licenseTexts(folder)].join('\n\n');
    })
    .join('\n\n');
}

function licenseTexts(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => licenseFile.test(file))
    .map((file) => readFileSync(path.join(folder, file), 'utf8').trim());
}
