#!/usr/bin/env node
// Node 20 cannot run TypeScript: the benchmark is bundled, then run.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const project = path.resolve(here, '../..');
const cache = path.join(project, '.cache/alert-quality');
const bundle = path.join(cache, `bundle-${process.pid}.mjs`);

buildSync({
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
  packages: 'external',
  entryPoints: [path.join(here, 'main.ts')],
  outfile: bundle,
});
const { main } = await import(pathToFileURL(bundle).href);
const exitCode = await main(process.argv.slice(2), { project, here, cache }).finally(() => rmSync(bundle));
process.exit(exitCode);
