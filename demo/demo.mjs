#!/usr/bin/env node
// Node 20 cannot run TypeScript, so the demo is bundled first.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const project = path.resolve(here, '..');
const outfile = path.join(project, '.cache/demo/main.mjs');

mkdirSync(path.dirname(outfile), { recursive: true });
buildSync({
  entryPoints: [path.join(here, 'main.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
});

const { main } = await import(pathToFileURL(outfile).href);
process.exit(
  await main(process.argv.slice(2), {
    tools: path.join(here, 'tools'),
    kernelFiles: pathToFileURL(path.join(here, 'kernel-files.mjs')).href,
    exporter: path.join(project, 'dist/main.js'),
    keeper: path.join(here, 'keeper.mjs'),
    alerts: path.join(project, 'alerts'),
  }),
);
