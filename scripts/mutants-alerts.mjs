#!/usr/bin/env node
// Breaks the alert rules in one place at a time and says which breaks no case notices. A word chooses by name.
// Node 20 cannot run TypeScript: it is bundled, then run.
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';

const project = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(path.join(tmpdir(), 'thinpool-mutants-'));
const bundle = path.join(folder, 'main.mjs');
symlinkSync(path.join(project, 'node_modules'), path.join(folder, 'node_modules'));
buildSync({
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
  packages: 'external',
  entryPoints: [path.join(project, 'test/alerts/mutants/main.ts')],
  outfile: bundle,
});
const { main } = await import(pathToFileURL(bundle).href);
const exitCode = await main(process.argv.slice(2), project).finally(() =>
  rmSync(folder, { recursive: true }),
);
process.exit(exitCode);
