import { runCommand } from '../../io/command.ts';
import { systemPath } from '../../io/command-environment.ts';
import type { ReadFailure } from '../../io/read.ts';
import { settled } from '../../io/settled.ts';
import type { PostOutcome } from '../../model/notifier-state.ts';
import type { ExecEndpoint } from '../file/endpoint.ts';
import { formats } from '../formats.ts';
import type { Deliver, Delivery } from './delivery.ts';

/** What a program may print. Nothing of it is used: it may contain secrets of the program. */
const maxBytes = 1 << 20;
/** Whatever the exporter has in its environment is not for others. */
const env = { PATH: systemPath, LC_ALL: 'C.UTF-8' };
/** sysexits(3): the input is wrong. */
const dataError = 65;

/** Runs a program for each notification, which it reads from its standard input. */
export function openExec({ program, args, timeoutMs }: ExecEndpoint, host: string): Deliver {
  let isRunning = false;
  return async (notification) => {
    // One that the kernel does not let end is not joined by others.
    if (isRunning) return { outcome: 'timed-out', why: 'the run before has not ended' };
    isRunning = true;
    const input = `${JSON.stringify(formats.json.body(notification, { host, path: '' }))}\n`;
    const bounds = { timeoutMs, maxBytes, env, input, endsDescendants: true as const };
    const { result, exited } = runCommand([program, ...args], bounds);
    void exited.then(() => {
      isRunning = false;
    });
    const ended = await result;
    // It has ended, or is about to: what comes next may run.
    await settled(exited, endMs);
    return ended.ok ? judge(ended.output.exitCode) : failed(ended);
  };
}

/** From the end of a time limit until the kernel has ended what it can. */
const endMs = 1000;

function judge(exitCode: number): Delivery {
  if (exitCode === 0) return { outcome: 'ok' };
  const why = `exit status ${exitCode}`;
  return exitCode === dataError
    ? { outcome: 'refused', why, isContentRefused: true }
    : { outcome: 'failed', why };
}

function failed({ reason, detail: why }: ReadFailure): Delivery {
  const outcomes: Partial<Record<typeof reason, PostOutcome>> = {
    'timed-out': 'timed-out',
    'output-too-large': 'failed',
  };
  return { outcome: outcomes[reason] ?? 'unreachable', why };
}
