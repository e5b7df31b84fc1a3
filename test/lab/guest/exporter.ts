import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import path from 'node:path';
import { checkAgreement } from './agreement.ts';
import type { CommandOptions } from './command.ts';
import { parseExposition, type Sample } from './exposition.ts';
import type { Lab } from './lab.ts';
import { pause, until } from './patience.ts';

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly ms: number;
}

/** A running exporter, however it was started. */
export interface Answering {
  /** Any path; an answer that does not come within Prometheus' own timeout has status 0. */
  readonly get: (path: string) => Promise<Answer>;
  readonly samples: () => Promise<readonly Sample[]>;
}

export interface Exporter extends Answering {
  readonly pid: number;
  /** The exit code after SIGTERM; undefined when it does not end within ten seconds. */
  readonly stop: () => Promise<number | undefined>;
}

/** Prometheus' `scrape_timeout` by default. */
const answerMs = 10_000;
const base = 'http://127.0.0.1:10058';

/** Starts the built exporter, as people do, and waits until it answers. */
export async function startExporter(lab: Lab, args: readonly string[] = []): Promise<Exporter> {
  const log = openSync(path.join(lab.out, 'exporter.log'), 'a');
  const program = path.join(lab.project, 'dist/main.js');
  const child = spawn(process.execPath, [program, 'serve', '--metrics.set=all', ...args], {
    stdio: ['ignore', log, log],
  });
  const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1)));
  const up = await until(30, async () => child.exitCode !== null || (await get('/metrics')).status !== 0);
  if (up === undefined || child.exitCode !== null)
    throw new Error('the exporter did not come up; see exporter.log');
  return {
    pid: child.pid ?? 0,
    ...answering,
    stop: () => {
      child.kill('SIGTERM');
      return Promise.race([ended, pause(10).then(() => undefined)]);
    },
  };
}

/** The one at the usual place. */
export const answering: Answering = {
  get,
  samples: async () => parseExposition((await get('/metrics')).body),
};

/** Checks that it answers within a number of seconds. */
export async function checkPage(lab: Lab, name: string, seconds: number): Promise<void> {
  await checkAgreement(lab, name, seconds, async () => {
    const { status } = await get('/metrics');
    return status === 200 ? [] : [`status ${status}`];
  });
}

/** `check --json` of the built exporter, its exit code included. */
export function runCheck(lab: Lab, options?: CommandOptions): ReturnType<Lab['run']> {
  return lab.run([process.execPath, path.join(lab.project, 'dist/main.js'), 'check', '--json'], options);
}

/** What `top` prints about a pool. */
export async function runTop(lab: Lab, pool: string): Promise<string> {
  const { stdout, stderr } = await lab.run([
    process.execPath,
    path.join(lab.project, 'dist/main.js'),
    ...['top', pool],
  ]);
  return stdout + stderr;
}

async function get(where: string): Promise<Answer> {
  const startedAt = performance.now();
  const ms = () => Math.round(performance.now() - startedAt);
  try {
    const response = await fetch(base + where, { signal: AbortSignal.timeout(answerMs) });
    return { status: response.status, body: await response.text(), ms: ms() };
  } catch {
    return { status: 0, body: '', ms: ms() };
  }
}
