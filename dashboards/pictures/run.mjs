#!/usr/bin/env node
// Draws the dashboards with Grafana's UI components: see README.md. Node 20 cannot run TypeScript: it is bundled first.
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
if (!existsSync(path.join(here, 'node_modules/@grafana/ui'))) {
  console.error(`Draws the dashboards into docs/pictures, with Grafana's UI components in headless Chromium, from the demo
as a real Prometheus sees it. Its packages (470 MB) are not installed: npm ci --prefix dashboards/pictures`);
  process.exit(2);
}
const { buildSync } = await import('esbuild');
const { bundleForNode } = await import('../../scripts/build/bundle.mjs');

const cache = path.join(here, '.cache');
mkdirSync(cache, { recursive: true });
bundleForNode({
  packages: 'external',
  entryPoints: [path.join(here, 'main.ts')],
  outfile: path.join(cache, 'main.mjs'),
});
buildSync({
  absWorkingDir: here,
  bundle: true,
  platform: 'browser',
  format: 'iife',
  target: 'es2022',
  minify: true,
  logLevel: 'error',
  jsx: 'automatic',
  define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
  loader: { '.svg': 'dataurl', '.ttf': 'dataurl', '.woff': 'dataurl', '.woff2': 'dataurl' },
  alias: { 'react-router-dom-v5-compat': 'react-router-dom' },
  entryPoints: [path.join(here, 'page.tsx')],
  outfile: path.join(cache, 'page.js'),
});
const { main } = await import(pathToFileURL(path.join(cache, 'main.mjs')).href);
process.exit(await main(process.argv.slice(2), { project: path.resolve(here, '../..'), cache }));
