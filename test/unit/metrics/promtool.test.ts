import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostsDir } from '../../support/replayed.ts';

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

// CI must have it: a check that is passed over there would look like one that passed.
describe.runIf(hasPromtool || process.env['CI'] !== undefined)('promtool check metrics', () => {
  it.each(readdirSync(hostsDir))('has nothing to say about host %s', (name) => {
    const input = readFileSync(join(hostsDir, name, 'expected', 'metrics.prom'));
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input,
      encoding: 'utf8',
    });
    expect(`${stdout}${stderr}`).toBe('');
    expect(status).toBe(0);
  });
});
