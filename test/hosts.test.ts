import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderCheck } from '../src/cli/check/render.ts';
import { renderFacts } from '../src/metrics/exposition.ts';
import { renderLargest } from '../src/web/status-page/top-volumes.ts';
import { hostsDir, replayCase } from './support/replayed.ts';

// Whole outputs: a change in them is a change to read. `npx vitest run test/hosts.test.ts -u` writes them anew.
describe.each(readdirSync(hostsDir))('host %s', (name) => {
  const expected = (file: string) => join(hostsDir, name, 'expected', file);

  it('gives these metrics', async () => {
    const { host, findings } = await replayCase(name);
    await expect(await renderFacts({ host, findings, pending: [], trends: [] }, 'text')).toMatchFileSnapshot(
      expected('metrics.prom'),
    );
  });

  it('gives these findings', async () => {
    const { findings } = await replayCase(name);
    const text = findings.map(({ severity, code, summary }) => `${severity} ${code}: ${summary}\n`).join('');
    await expect(text).toMatchFileSnapshot(expected('findings.txt'));
  });
});

// Hosts that are about whose volumes they have: what people read of them.
describe.each(readdirSync(hostsDir).filter((name) => name.startsWith('made-')))('host %s', (name) => {
  const expected = (file: string) => join(hostsDir, name, 'expected', file);

  it('gives this text of check', async () => {
    const { host, findings } = await replayCase(name);
    const text = renderCheck({ host, findings, trends: [], growth: [] });
    await expect(text).toMatchFileSnapshot(expected('check.txt'));
  });

  it('gives these volumes on the status page', async () => {
    const { host } = await replayCase(name);
    const markup = host.pools.map((pool) => renderLargest(pool, undefined)?.markup ?? '').join('\n');
    await expect(markup).toMatchFileSnapshot(expected('volumes.html'));
  });
});
