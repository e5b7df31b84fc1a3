import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { readArchive } from './archive.ts';
import { buildImage } from './build.ts';

const project = path.resolve(import.meta.dirname, '../../..');
const places = { project, cache: path.join(project, '.cache/image') };

/** Builds the image and prints what is in it. */
function main(): void {
  mkdirSync(places.cache, { recursive: true });
  const startedAt = Date.now();
  const say = (message: string) =>
    console.log(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} ${message}`);
  const { name, archive } = buildImage(places, say);
  const { layers } = readArchive(archive, path.join(places.cache, 'archive'));
  for (const { bytes, entries } of layers) say(`layer of ${megabytes(bytes)}, ${entries.length} entries`);
  say(`${name} in ${path.relative(places.project, archive)}, ${megabytes(statSync(archive).size)}`);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

main();
