import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { type Recorded, readDashboard, record } from './record.ts';

interface Places {
  readonly project: string;
  readonly cache: string;
}

const address = 'http://drawing.invalid/';

/** `--again` draws what was recorded last. */
export async function main(args: readonly string[], { project, cache }: Places): Promise<number> {
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
