import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderFacts } from '../src/metrics/exposition.ts';
import { hostsDir, replayCase } from './support/replayed.ts';

// Whole outputs: a change in them is a change to read. `npx vitest run test/hosts.test.ts -u` writes them anew.
describe.each(readdirSync(hostsDir))('host %s', (name) => {
  const expected = (file: string) => join(hostsDir, name, 'expected', file);

  it('gives these metrics', async () => {
    const { host, findings } = await replayCase(name);
    await expect(await renderFacts({ host, findings, trends: [] }, 'text')).toMatchFileSnapshot(
      expected('metrics.prom'),
    );
  });

  it('gives these findings', async () => {
    const { findings } = await replayCase(name);
    const text = findings.map(({ severity, code, summary }) => `${severity} ${code}: ${summary}\n`).join('');
    await expect(text).toMatchFileSnapshot(expected('findings.txt'));
  });
});
