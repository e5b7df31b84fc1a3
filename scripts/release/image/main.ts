import { statSync } from 'node:fs';
import path from 'node:path';
import { readArchive } from './archive.ts';
import { buildImage } from './build.ts';
import type { Places } from './buildah.ts';

/** Builds the image and says what is in it. The exit code: 0. */
export async function main(_argv: readonly string[], places: Places): Promise<number> {
  const startedAt = Date.now();
  const say = (message: string) =>
    console.log(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} ${message}`);
  const { name, archive } = buildImage(places, say);
  const { layers } = readArchive(archive, path.join(places.cache, 'archive'));
  for (const { bytes, entries } of layers) say(`layer of ${megabytes(bytes)}, ${entries.length} entries`);
  say(`${name} in ${path.relative(places.project, archive)}, ${megabytes(statSync(archive).size)}`);
  return 0;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
