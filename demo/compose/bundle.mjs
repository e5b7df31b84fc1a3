// For the image of the compose file.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleForNode } from '../../scripts/build/bundle.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));

bundleForNode({
  entryPoints: { sink: path.join(here, 'sink.ts') },
  outdir: path.resolve(here, '../../.cache/demo'),
  outExtension: { '.js': '.mjs' },
});
