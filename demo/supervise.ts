import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, rmSync } from 'node:fs';
import type { Program } from './supervisor.ts';

/** How long a program may take to stop. */
const patienceMs = 5000;

/**
 * Starts programs. When the channel to the demo closes, because the demo ended or was killed, it stops them, removes the
 * folder and ends this process. It runs in its own session, so that Ctrl-C reaches only the demo, which then shuts down in
 * order.
 */
export function supervise(folder: string): void {
  const children = new Set<ChildProcess>();
  let isEnding = false;

  function start({ name, command, args, log }: Program): void {
    const output = openSync(log, 'w');
    const child = spawn(command, args, { stdio: ['ignore', output, output] });
    children.add(child);
    const over = (): void => {
      children.delete(child);
      if (!isEnding && process.connected) process.send?.({ ended: name });
      finish();
    };
    child.once('error', over);
    child.once('exit', over);
  }

  function end(): void {
    if (isEnding) return;
    isEnding = true;
    for (const child of children) child.kill('SIGTERM');
    setTimeout(() => {
      for (const child of children) child.kill('SIGKILL');
    }, patienceMs).unref();
    finish();
  }

  function finish(): void {
    if (!isEnding || children.size > 0) return;
    // Programs that are stopping may still write there.
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    process.exit();
  }

  process.on('message', start);
  process.once('disconnect', end);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  // The demo may have ended before this line.
  if (!process.connected) end();
}
