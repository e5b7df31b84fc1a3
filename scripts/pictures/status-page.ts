// Draws docs/pictures: the status page of the demo, while its Docker pool fills and when it is full. `npm run pictures`,
// with Debian's Chromium or the one that CHROMIUM names. The demo begins with the filling: growth has to be steady
// before the page shows the time left.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const project = path.resolve(import.meta.dirname, '../..');
const folder = path.join(project, 'docs/pictures');
const address = '127.0.0.1:10956';

const pictures = [
  { name: 'page-filling', second: 35, width: 1120, height: 925, colorScheme: 'light' },
  { name: 'page-full', second: 50, width: 1120, height: 925, colorScheme: 'dark' },
  { name: 'page-phone', second: 50, width: 390, height: 860, colorScheme: 'dark' },
] as const;
const firstSecond = 10;

export async function main(): Promise<number> {
  mkdirSync(folder, { recursive: true });
  const demo = spawn(
    process.execPath,
    [
      path.join(project, 'dist/main.js'),
      'demo',
      '--no-alerting',
      '--from',
      String(firstSecond),
      '--web.listen-address',
      address,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const startedAt = Date.now();
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  try {
    for (const { name, second, width, height, ...options } of pictures) {
      await sleep(Math.max(0, startedAt + (second - firstSecond) * 1000 - Date.now()));
      const page = await browser.newPage({ viewport: { width, height }, ...options });
      await page.goto(`http://${address}/`);
      // The machine that draws is not the host that is shown.
      await page.locator('.hostname bdi').evaluate((name) => {
        name.textContent = 'node1';
      });
      await page.screenshot({ path: path.join(folder, `${name}.png`) });
      await page.close();
      process.stdout.write(`docs/pictures/${name}.png\n`);
    }
  } finally {
    await browser.close();
    demo.kill('SIGTERM');
  }
  return 0;
}
