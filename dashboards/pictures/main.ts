// Draws the dashboards into docs/pictures with Grafana's UI components: see README.md.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { chromium } from 'playwright-core';
import { type Recorded, readDashboard, record } from './record.ts';

const here = import.meta.dirname;
const project = path.resolve(here, '../..');
const cache = path.join(here, '.cache');
const address = 'http://drawing.invalid/';

/** `--again` draws what was recorded last. */
export async function main(args: readonly string[]): Promise<number> {
  if (!existsSync(path.join(here, 'node_modules/@grafana/ui'))) {
    console.error(`Draws the dashboards into docs/pictures, with Grafana's UI components in headless Chromium, from the demo
as a real Prometheus sees it. Its packages (470 MB) are not installed: npm ci --prefix dashboards/pictures`);
    return 2;
  }
  bundlePage();
  const memory = path.join(cache, 'recorded.json');
  if (!args.includes('--again') || !existsSync(memory))
    writeFileSync(memory, JSON.stringify(await record(project)));
  const all = JSON.parse(readFileSync(memory, 'utf8')) as readonly Recorded[];
  const folder = path.join(project, 'docs/pictures');
  mkdirSync(folder, { recursive: true });
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 2600 } });
    // A page of its own, as about:blank has no storage. Nothing leaves the browser.
    await page.route('**/*', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><div id="root"></div>' }),
    );
    page.on('pageerror', (error) => console.error(error));
    for (const recorded of all) {
      const drawing = { ...recorded, dashboard: readDashboard(project, recorded.name) };
      await page.goto(address);
      await page.evaluate(`window.drawing = ${JSON.stringify(drawing)}`);
      await page.addStyleTag({ content: 'body { margin: 0 }' });
      await page.addStyleTag({ path: path.join(cache, 'page.css') });
      await page.addScriptTag({ path: path.join(cache, 'page.js') });
      await page.waitForSelector('[data-drawn]', { timeout: 60_000 });
      await page.waitForTimeout(3000);
      const file = path.join(folder, `${drawing.name}.png`);
      await page.locator('#root').screenshot({ path: file, animations: 'disabled' });
      console.log(file);
    }
  } finally {
    await browser.close();
  }
  return 0;
}

function bundlePage(): void {
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
}
