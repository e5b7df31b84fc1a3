import { spawn } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { missingRequirements } from './requirements.ts';
import { always, tests } from './scenarios/index.ts';

const reasons = missingRequirements();
const chosen = process.env['THINPOOL_LAB'] === 'all' ? tests : always;

/** Booting twice, at worst, and fetching the packages. */
const marginSeconds = 240;

describe('the exporter in a real device-mapper kernel', () => {
  if (reasons.length > 0) cannotRun();
  else
    for (const { name, timeoutSeconds = 170 } of chosen)
      it(name, { timeout: 1000 * (2 * timeoutSeconds + marginSeconds) }, async () => {
        const { exitCode, output } = await runLab(name);
        process.stdout.write(`${output}\n`);
        expect(failuresIn(output)).toEqual([]);
        expect(exitCode).toBe(0);
      });
});

/** Where it is wanted, a lab that cannot run is a failure; elsewhere it is skipped, and says why. */
function cannotRun(): void {
  const why = `the lab cannot run here: ${reasons.join('; ')}`;
  if (process.env['CI'] === 'true') it(why, () => expect(reasons).toEqual([]));
  else {
    console.warn(why);
    it.skip(why);
  }
}

function runLab(name: string): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'run.mjs'), name]);
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
