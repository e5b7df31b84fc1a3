import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { secondsOfCommands } from '../support/load.ts';
import { type Program, startMeasured } from './exporter.ts';
import type { BenchHost } from './host.ts';

export interface RoundCost {
  /** Milliseconds of CPU of one round of bare commands, run by a shell. */
  readonly bare: number;
  /** The exporter's commands, and itself, in a round. */
  readonly commands: number;
  readonly own: number;
  readonly residentBytes: number;
}

const intervalSeconds = 5;
const minuteRounds = 12;

/** A minute of polls, without scrapes, against as many rounds of the same commands. */
export async function measureRounds(program: Program, host: BenchHost): Promise<RoundCost> {
  const intervals = ['devices', 'pools', 'volumes', 'kernel', 'filesystems'].map(
    (name) =>
      `--collector.${name}.interval=${name === 'kernel' || name === 'filesystems' ? '5m' : `${intervalSeconds}s`}`,
  );
  const exporter = await startMeasured(program, host, [...intervals, '--collector.volumes.timeout=4s']);
  await pause(3000);
  const before = exporter.load();
  await pause(minuteRounds * intervalSeconds * 1000);
  const after = exporter.load();
  await exporter.stop();
  return {
    bare: bareRounds(host) / minuteRounds,
    commands: (1000 * (after.childSeconds - before.childSeconds)) / minuteRounds,
    own: (1000 * (after.ownSeconds - before.ownSeconds)) / minuteRounds,
    residentBytes: after.residentBytes,
  };
}

/** Milliseconds of CPU of the commands of a minute, without the shell that starts them. */
function bareRounds({ round, tools }: BenchHost): number {
  const lines = round.map((words) => `${words.map((word) => `'${word}'`).join(' ')} >/dev/null`);
  const script = `${Array.from({ length: minuteRounds }, () => lines.join('\n')).join('\n')}\ntimes\n`;
  const output = execFileSync('bash', {
    input: script,
    env: { PATH: `${tools}:/usr/bin:/bin` },
    encoding: 'utf8',
  });
  return 1000 * secondsOfCommands(output);
}
