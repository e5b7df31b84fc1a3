// Node 20 cannot run TypeScript.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));

buildSync({
  entryPoints: { main: path.join(here, 'main.ts'), sink: path.join(here, 'compose/sink.ts') },
  outdir: path.resolve(here, '../.cache/demo'),
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
});
