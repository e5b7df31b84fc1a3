import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWith } from '../../support/needs.ts';
import { hostsDir } from '../../support/replayed.ts';
import { tool } from '../../support/tools.ts';

describeWith('promtool')('promtool check metrics', () => {
  it.each(readdirSync(hostsDir))('has nothing to say about host %s', (name) => {
    const input = readFileSync(join(hostsDir, name, 'expected', 'metrics.prom'));
    const { status, stdout, stderr } = spawnSync(tool('promtool'), ['check', 'metrics'], {
      input,
      encoding: 'utf8',
    });
    expect(`${stdout}${stderr}`).toBe('');
    expect(status).toBe(0);
  });
});
