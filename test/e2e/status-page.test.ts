import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Pool, type Resource, resources } from '../../src/model/pool.ts';
import { minimumFreeOf } from '../../src/thinpool/minimum-free.ts';
import { openChromium } from '../support/chromium.ts';
import { judgeHost } from '../support/judge-host.ts';
import { makeSnapshot } from '../support/makers.ts';
import { describeWith } from '../support/needs.ts';
import { cases, type PageCase, tracker } from '../support/status-page-cases.ts';
import { type Served, servePage } from '../support/status-page-server.ts';
import { tool } from '../support/tools.ts';

const project = join(import.meta.dirname, '../..');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describeWith('chromium')('the status page in a browser', () => tryPage(tool('chromium')));

function tryPage(executablePath: string): void {
  let browser: Browser;
  let page: Page;
  let served: Served | undefined;
  let demo: ChildProcess | undefined;
  /** Everything that went wrong in the browser, and every request that went elsewhere. */
  let wrong: string[] = [];

  beforeAll(async () => {
    browser = await openChromium(executablePath);
  }, 60_000);
  afterAll(() => browser.close());
  afterEach(async () => {
    await page.context().close();
    await served?.close();
    demo?.kill('SIGTERM');
    served = undefined;
    demo = undefined;
  });

  async function open(
    shown: PageCase | string,
    {
      width = 1280,
      scheme = 'light',
      scripts = true,
    }: { width?: number; scheme?: 'light' | 'dark'; scripts?: boolean } = {},
  ): Promise<void> {
    if (typeof shown !== 'string') served = await servePage(shown);
    const url = typeof shown === 'string' ? shown : (served?.url ?? '');
    const context = await browser.newContext({
      viewport: { width, height: 800 },
      colorScheme: scheme,
      javaScriptEnabled: scripts,
    });
    page = await context.newPage();
    wrong = [];
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') wrong.push(message.text());
    });
    page.on('request', (request) => {
      if (request.url() !== url) wrong.push(`requested ${request.url()}`);
    });
    await page.goto(url);
  }

  /** As the script does when the reader comes back to the page. */
  async function refresh(): Promise<void> {
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  }

  const wide = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

  describe.each(Object.keys(cases))('the page of a host: %s', (name) => {
    it.each([1280, 320])('at %d px is accessible, in light and dark', { timeout: 60_000 }, async (width) => {
      await open(await cases[name]!(), { width });
      await page.evaluate(axe);
      expect(await complaints(page)).toEqual([]);
      // Of all media features, colours alone depend on the scheme, and many pools have no others than few.
      await page.emulateMedia({ colorScheme: 'dark' });
      if (name !== tracker) expect(await complaints(page, ['color-contrast']), 'dark').toEqual([]);
      expect(await wide(), 'sideways scrolling').toBeLessThanOrEqual(0);
      // Folded parts count as well.
      await page.evaluate(() => {
        for (const details of document.querySelectorAll('details')) details.open = true;
      });
      expect(await wide(), 'sideways scrolling, all unfolded').toBeLessThanOrEqual(0);
      if (name !== tracker) {
        expect(await complaints(page, ['color-contrast']), 'dark, all unfolded').toEqual([]);
        await page.emulateMedia({ colorScheme: 'light' });
        expect(await complaints(page), 'all unfolded').toEqual([]);
      }
      expect(wrong).toEqual([]);
    });

    it('shows the same without its script', async () => {
      const shown = await cases[name]!();
      await open(shown, { scripts: false });
      const { host, findings } = shown.latest();
      const text = (await page.locator('body').textContent()) ?? '';
      for (const pool of host.pools) expect(text).toContain(pool.name);
      for (const { summary, advice } of findings) {
        expect(text).toContain(summary);
        expect(text).toContain(advice.replaceAll('`', ''));
      }
      for (const collector of host.collectors) expect(text).toContain(collector.name);
      expect(text).toContain('Reload the page');
      expect(wrong).toEqual([]);
    });
  });

  describe('bars', () => {
    it.each([
      [1280, 'filling'],
      [320, 'filling'],
      [1280, "Docker's minimum"],
      [320, "Docker's minimum"],
    ])('at %d px (%s) are where the numbers are', async (width, name) => {
      const shown = await cases[name]!();
      await open(shown, { width });
      const [pool] = shown.latest().host.pools;
      for (const [at, resource] of resources.entries()) {
        const bar = await measure(page, at);
        const space = pool![resource]!;
        expect(Math.abs(bar.used - (bar.width * space.usedBytes) / space.sizeBytes)).toBeLessThan(1);
        const expected = sharesOf(pool!, resource);
        expect(Object.keys(bar.marks).sort()).toEqual(Object.keys(expected).sort());
        for (const [kind, share] of Object.entries(expected))
          expect(Math.abs((bar.marks[kind] ?? Number.NaN) - share * bar.width), kind).toBeLessThan(1);
      }
    });
  });

  describe('live', () => {
    it('changes what has changed, and leaves the reader where he is', async () => {
      const before = await cases['filling']!();
      await open(before);
      const more = page.locator('article > details[id$="-more"]');
      await more.locator('> summary').click();
      await page.locator('#collectors-all > summary').click();
      await page.getByRole('link', { name: 'docker', exact: true }).focus();
      await page.evaluate(() => window.scrollTo(0, 150));
      const place = () => page.locator('article').boundingBox();
      const was = await place();
      served?.show(fuller(before));
      await refresh();
      await page.getByText('99.00%', { exact: true }).waitFor();
      expect(await more.getAttribute('open')).toBe('');
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('docker');
      expect((await place())?.y).toBeCloseTo(was?.y ?? 0, 0);
      expect(await page.title()).toBe('critical: docker-thinpool · node1 · thin pools');
      expect(wrong).toEqual([]);
    });

    it('keeps what is open when another pool becomes the worst', async () => {
      const before = await cases['healthy']!();
      await open(before);
      const last = page.locator('article').last();
      const id = await last.getAttribute('id');
      await last.locator('> details > summary').last().click();
      await last.locator('> details > summary').last().focus();
      served?.show(failing(before));
      await refresh();
      await page.getByText('needs attention now').waitFor();
      expect(await page.locator('article').first().getAttribute('id')).toBe(id);
      expect(await page.evaluate(() => document.activeElement?.closest('article')?.id)).toBe(id);
      expect(await page.locator('article').count()).toBe(2);
      expect(await page.locator('article').first().locator('details[open]').count()).toBe(1);
    });

    it('makes a card of a line whose pool becomes critical, and keeps the focus on the pool', async () => {
      const before = await cases[tracker]!();
      await open(before);
      const pool = page.locator('article').filter({ hasText: 'vg0-pool' });
      await pool.locator('summary').first().click();
      const focused = () => page.evaluate(() => document.activeElement?.closest('article')?.id);
      const id = await pool.getAttribute('id');
      expect(await focused()).toBe(id);
      served?.show(failing(before, 'vg0-pool'));
      await refresh();
      await expect.poll(() => pool.getAttribute('class')).toBe('pool card critical');
      expect(await focused()).toBe(id);
      expect(await pool.getByText('It failed.').isVisible()).toBe(true);
      served?.show(before);
      await refresh();
      await expect.poll(() => pool.getAttribute('class')).toBe('pool row healthy');
      expect(await focused()).toBe(id);
      expect(wrong).toEqual([]);
    });

    it('reports that the connection is lost, and that it is back', async () => {
      const shown = await cases['out of space']!();
      await open(shown);
      const port = Number(new URL(page.url()).port);
      const live = page.getByRole('status');
      await expect.poll(() => live.textContent()).toBe('Live.');
      await served?.close();
      await refresh();
      await expect.poll(() => live.textContent()).toContain('Connection lost at');
      expect(await page.locator('h1').textContent()).toBe('vg-pool needs attention now');
      served = await servePage(shown, port);
      await refresh();
      await expect.poll(() => live.textContent()).toBe('Live.');
    });

    it('reconnects on its own', async () => {
      await open(await cases['healthy']!());
      const request = await page.waitForRequest(page.url(), { timeout: 15_000 });
      expect((await request.response())?.status()).toBe(200);
    });

    it('is the same in the built program, on the simulated host', { timeout: 60_000 }, async () => {
      const address = `127.0.0.1:${await anyPort()}`;
      const args = ['--no-alerting', '--from', '20', '--web.listen-address', address];
      demo = spawn(process.execPath, [join(project, 'dist/main.js'), 'demo', ...args]);
      const url = `http://${address}/`;
      await expect.poll(() => answers(url), { timeout: 30_000 }).toBe(true);
      await open(url);
      expect(await page.title()).toContain(` · ${hostname()} · `);
      await expect.poll(() => page.locator('article').count(), { timeout: 20_000 }).toBe(5);
      await page.getByText('container ci-runner').first().waitFor({ state: 'attached', timeout: 20_000 });
      expect(await page.getByRole('status').textContent()).toBe('Live.');
      expect(wrong).toEqual([]);
    });
  });

  describe('a list of pools', () => {
    it.each([320, 390, 640, 1280, 1920])(
      'at %d px is a line for each, with nothing cut or scrolled',
      async (width) => {
        await open(await cases[tracker]!(), { width });
        expect(await wide()).toBeLessThanOrEqual(0);
        const { cards, rows, cut } = await page.evaluate(() => ({
          cards: document.querySelectorAll('article.card').length,
          rows: document.querySelectorAll('article.row').length,
          cut: [...document.querySelectorAll('article *, header *')]
            .filter((one) => one instanceof HTMLElement && one.scrollWidth > one.clientWidth + 1)
            .filter((one) => one.checkVisibility() && getComputedStyle(one).display !== 'inline')
            .filter((one) => getComputedStyle(one).clipPath === 'none')
            .map((one) => one.outerHTML.slice(0, 200)),
        }));
        expect({ cards, rows }).toEqual({ cards: 5, rows: 45 });
        expect(cut).toEqual([]);
      },
    );

    it('is walked with the keyboard', async () => {
      await open(await cases[tracker]!());
      const row = page.locator('article.row').filter({ hasText: 'vg0-pool' });
      await row.locator('summary').first().focus();
      await page.keyboard.press('Enter');
      expect(await row.getByText('VG free space').isVisible()).toBe(true);
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.tagName)).toMatch(/SUMMARY|A/);
      await page.keyboard.press('Shift+Tab');
      await page.keyboard.press('Space');
      expect(await row.getByText('VG free space').isVisible()).toBe(false);
    });

    it('says to a screen reader what its columns say to the eye', async () => {
      await open(await cases[tracker]!());
      const row = page.locator('article.row').filter({ hasText: 'vg0-pool' });
      const tree = await row.ariaSnapshot();
      expect(tree).toContain('heading "healthy vg0-pool" [level=3]');
      expect(tree.replaceAll(/\s+/g, ' ')).toMatch(
        /data 1\.96% metadata 6\.10% .*data growth −5\.7 MiB\/min/,
      );
    });
  });

  it('is readable in print: nothing folded, no links to other data', async () => {
    await open(await cases['filling']!());
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByText('VG free space').first().isVisible()).toBe(true);
    expect(await page.getByRole('navigation').isVisible()).toBe(false);
  });

  it('selects a whole command at a click', async () => {
    await open(await cases['not active']!(), { scripts: false });
    await page.locator('.command code').first().click();
    expect(await page.evaluate('getSelection().toString()')).toBe('lvchange -ay pve/data');
  });

  it('breaks names that are longer than a phone is wide', async () => {
    const name = 'docker-253:2-812-'.padEnd(90, 'f');
    const shown = await cases['filling']!();
    const snapshot = shown.latest();
    const pools = snapshot.host.pools.map((pool) => ({ ...pool, name, dmName: name }));
    const findings = snapshot.findings.map((finding) => ({
      ...finding,
      pool: name,
      summary: `pool ${name} is full`,
    }));
    await open(
      { ...shown, latest: () => ({ ...snapshot, host: { ...snapshot.host, pools }, findings }) },
      { width: 320 },
    );
    expect(await wide()).toBeLessThanOrEqual(0);
  });

  it('says that there is no pool', async () => {
    const snapshot = makeSnapshot();
    await open({ latest: () => snapshot, readiness: () => [], now: () => snapshot.host.takenAt });
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('This host has no thin pools');
  });
}

/** A free port. */
async function anyPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

/** What axe finds, as sentences. */
async function complaints(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  const options = { resultTypes: ['violations'], ...(rules === undefined ? {} : { runOnly: rules }) };
  const { violations } = (await page.evaluate(`axe.run(${JSON.stringify(options)})`)) as AxeResults;
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
}

/** One bar in pixels from its left end: what is used, and the middle of each mark. */
function measure(page: Page, at: number) {
  return page.evaluate((index) => {
    const bar = document.querySelectorAll('.bar')[index];
    const box = (element: Element | null | undefined) => element?.getBoundingClientRect() ?? new DOMRect();
    const track = box(bar?.querySelector('.track'));
    const marks = [...(bar?.querySelectorAll('.mark') ?? [])].map((mark) => {
      const { left, right } = box(mark);
      return [mark.getAttribute('class')?.replace('mark ', '') ?? '', (left + right) / 2 - track.left];
    });
    return {
      width: track.width,
      used: box(bar?.querySelector('.used')).right - track.left,
      marks: Object.fromEntries(marks) as Record<string, number>,
    };
  }, at);
}

/** Where the marks have to stand, from the facts alone. */
function sharesOf(pool: Pool, resource: Resource): Record<string, number> {
  const { sizeBytes, blocks = 0, blockBytes = 0 } = pool[resource]!;
  const { counters, table, autoextend } = pool;
  const minimumFree = minimumFreeOf(pool, resource)?.bytes;
  const water =
    resource === 'data'
      ? table!.lowWaterBlocks
      : counters!.metadataLowWaterBlocks! - Math.min(4096, Math.floor(counters!.metadataBlocks / 10));
  const threshold =
    resource === 'data' ? 80 : Math.min(80, 100 - Math.min(25, (100 * 4 * 2 ** 20) / sizeBytes));
  const [share, bytes] = resource === 'data' ? [0.02, 2 ** 30] : [0.05, 4 * 2 ** 20];
  return {
    warning: 0.85,
    critical: 1 - Math.min(share, Math.max(bytes, 16 * blockBytes) / sizeBytes),
    ...(minimumFree === undefined ? {} : { 'minimum-free': 1 - minimumFree / sizeBytes }),
    ...(water > 0 && water < blocks ? { 'low-water': 1 - water / blocks } : {}),
    ...(autoextend?.enabled === true ? { autoextend: Math.floor(threshold) / 100 } : {}),
  };
}

/** The same host, its first pool at 99%. */
function fuller(shown: PageCase): PageCase {
  const snapshot = shown.latest();
  const pools = snapshot.host.pools.map((pool) => {
    const { sizeBytes } = pool.data!;
    const data = {
      ...pool.data!,
      usedBytes: sizeBytes * 0.99,
      freeBytes: sizeBytes * 0.01,
      availableBytes: sizeBytes * 0.01,
    };
    return { ...pool, data };
  });
  const host = { ...snapshot.host, pools };
  const { findings } = judgeHost(host, new Map(), { debounce: false });
  return { ...shown, latest: () => ({ ...snapshot, host, findings }) };
}

/** The same host, one pool failed: the last one, if no other is named. */
function failing(shown: PageCase, name?: string): PageCase {
  const snapshot = shown.latest();
  const pool = name ?? snapshot.host.pools.at(-1)!.name;
  const finding = {
    code: 'pool-failed',
    severity: 'critical',
    pool,
    summary: 'It failed.',
    advice: 'Act.',
  } as const;
  return { ...shown, latest: () => ({ ...snapshot, findings: [finding, ...snapshot.findings] }) };
}
