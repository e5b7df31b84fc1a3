// Node 20 cannot run TypeScript: what runs on it is bundled first.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { embeddedFiles } from './embedded.mjs';

/** Bundles for Node; `options` are esbuild's, and come before what is usual here. */
export function bundleForNode(options) {
  const usual = { bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'warning' };
  buildSync({ ...usual, ...options });
}

const here = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * The program as npm publishes it: `dist/main.js`, which needs only Node. Minified it takes 5 MiB less memory, and errors are
 * harder to read.
 */
export function buildProgram(outfile = path.join(here, 'dist/main.js'), minify = false) {
  bundleProgram(here, outfile, { legalComments: 'eof', minify });
}

/**
 * The program in one file: it starts in a third of the time that two thousand small files take. `cjs` is for a single
 * executable, whose main script is CommonJS.
 */
export function bundleProgram(project, outfile, { format = 'esm', ...options } = {}) {
  bundleForNode({
    entryPoints: [path.join(project, 'src/main.ts')],
    outfile,
    format,
    inject: [path.join(project, 'scripts/build/shims/utc-intl.mjs')],
    ...asModule[format],
    ...options,
    define: { ...asModule[format].define, EMBEDDED: JSON.stringify(embeddedFiles(project)) },
  });
}

const asModule = {
  // Libraries in CommonJS call require for Node's own modules.
  esm: {
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  },
  // Libraries in ESM use their own location; there it is the executable.
  cjs: {
    banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
    define: { 'import.meta.url': 'moduleUrl' },
  },
};
