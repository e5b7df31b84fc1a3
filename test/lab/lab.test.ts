import { spawn } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';
import { describeWith } from '../support/needs.ts';
import { unmet } from '../support/tools.ts';
import type { Scenario } from './scenario.ts';
import { always, onNewest, tests } from './scenarios/index.ts';
import { limitOf } from './scenarios/limits.ts';
import { machineSuite, type SuiteName } from './suites.ts';

const chosen = (process.env['THINPOOL_LAB'] === 'all' ? tests : always).filter(
  ({ name }) => limitOf(name)?.suites.includes(machineSuite) ?? true,
);
const lab = path.join(import.meta.dirname, 'run.mjs');
const machine = ['x64', 'root', 'Debian 12'] as const;

/** Booting twice, at worst, and fetching the packages. */
const marginSeconds = 240;

// Packages are only fetched on a machine that can run the lab.
const needs = unmet(machine).length > 0 ? machine : ([...machine, 'packages for the lab'] as const);

describeWith(...needs)('the exporter in a real device-mapper kernel', () => runAll(chosen));

const newest: SuiteName = 'sid';
const needsNewest = unmet(needs).length > 0 ? needs : ([...needs, 'sid for the lab'] as const);
describeWith(...needsNewest)('the exporter on the newest kernel and LVM', () =>
  runAll(onNewest, '--on', newest),
);

function runAll(scenarios: readonly Scenario[], ...words: readonly string[]): void {
  for (const { name, timeoutSeconds = 170 } of scenarios)
    it.concurrent(name, { timeout: 1000 * (2 * timeoutSeconds + marginSeconds) }, async () => {
      const { exitCode, output } = await runLab(name, ...words);
      process.stdout.write(`${output}\n`);
      expect(failuresIn(output)).toEqual([]);
      expect(exitCode).toBe(0);
    });
}

function runLab(
  ...words: readonly string[]
): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [lab, ...words]);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, output }));
  });
}

function failuresIn(output: string): readonly string[] {
  return output.split('\n').filter((line) => /^ *[\d.]+ (?:FAILED|ERROR)/.test(line));
}
