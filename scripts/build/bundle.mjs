// Node 20 cannot run TypeScript: what runs on it is bundled first.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';

/** Bundles for Node; `options` are esbuild's, and come before what is usual here. */
export function bundleForNode(options) {
  const usual = { bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'warning' };
  buildSync({ ...usual, ...options });
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
    alias: { 'body-parser': path.join(project, 'scripts/build/shims/no-body-parser.cjs') },
    inject: [path.join(project, 'scripts/build/shims/utc-intl.mjs')],
    ...asModule[format],
    ...options,
  });
}

const asModule = {
  // Libraries in CommonJS call require for Node's own modules.
  esm: {
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  },
  // Libraries in ESM ask where they are; there it is the executable.
  cjs: {
    banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
    define: { 'import.meta.url': 'moduleUrl' },
  },
};

/**
 * Runs `main(words of the command line, context)` of a TypeScript file, and ends with its exit code. `folder` is a place
 * for the bundle, in the project, so that it finds its packages.
 */
export async function runMain(file, folder, context) {
  const bundle = path.join(folder, `bundle-${process.pid}.mjs`);
  bundleForNode({ packages: 'external', entryPoints: [file], outfile: bundle });
  const { main } = await import(pathToFileURL(bundle).href);
  process.exit(await main(process.argv.slice(2), context).finally(() => rmSync(bundle)));
}
