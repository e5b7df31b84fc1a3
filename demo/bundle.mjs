import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleForNode } from '../scripts/build/bundle.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));

bundleForNode({
  entryPoints: { main: path.join(here, 'main.ts'), sink: path.join(here, 'compose/sink.ts') },
  outdir: path.resolve(here, '../.cache/demo'),
  outExtension: { '.js': '.mjs' },
});
