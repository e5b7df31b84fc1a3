import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blocksOf, documents } from '../../support/documents.ts';
import { hostsDir } from '../../support/replayed.ts';

const project = join(import.meta.dirname, '..', '..', '..');

/** Blocks that show a command and what it prints, word for word. */
const shown = documents.flatMap(({ file, text }) =>
  blocksOf(text, '').flatMap((block) => {
    const [, command, output = ''] = /^\$ thinpool-exporter (.*)\n([\s\S]*)$/.exec(block) ?? [];
    return command === undefined ? [] : [{ file, command, output }];
  }),
);

describe('what a document shows that a command prints', () => {
  it('is found', () => {
    expect(shown.length).toBeGreaterThan(0);
  });

  it.each(shown)('$file: $command', ({ command, output }) => {
    const args = [join(project, 'dist/main.js'), ...command.split(' ')];
    const { stdout } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
    expect(stdout).toBe(output);
  });
});

it('shows metrics in the README that one captured host has, all of them', () => {
  const [sample = ''] = blocksOf(documents.find(({ file }) => file === 'README.md')!.text, '').filter(
    (block) => block.startsWith('thinpool_'),
  );
  const lines = sample.trim().split('\n');
  expect(lines.length).toBeGreaterThan(5);
  const hosts = readdirSync(hostsDir).filter((name) => {
    const metrics = new Set(readFileSync(join(hostsDir, name, 'expected/metrics.prom'), 'utf8').split('\n'));
    return lines.every((line) => metrics.has(line));
  });
  expect(hosts).not.toEqual([]);
});

it('has the program that these commands are of', () => {
  const main = join(project, 'dist/main.js');
  expect(execFileSync(process.execPath, [main, '--version'], { encoding: 'utf8' })).toMatch(/^\d/);
});
