import { spawn } from 'node:child_process';
import { pause } from './patience.ts';

const port = 10057;
/** About as much as a page of metrics. */
const server = `require('node:http').createServer((_, answer) => answer.end('x'.repeat(30000))).listen(${port})`;

export interface Yardstick {
  /** Milliseconds of its answers so far. */
  readonly times: readonly number[];
  readonly stop: () => void;
}

/** A server that does nothing but answer, asked at the exporter's pace: how fast the guest itself is, meanwhile. */
export function startYardstick(): Yardstick {
  const child = spawn(process.execPath, ['-e', server], { stdio: 'ignore' });
  const times: number[] = [];
  let running = true;
  const ask = async () => {
    // Until it listens; its first answers are slow, as the exporter's are.
    await pause(2);
    while (running) {
      const startedAt = performance.now();
      const answered = await fetchAll();
      if (answered && running) times.push(Math.round(performance.now() - startedAt));
      await pause(1.01);
    }
  };
  void ask();
  return {
    times,
    stop: () => {
      running = false;
      child.kill();
    },
  };
}

async function fetchAll(): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(5000) });
    await answer.text();
    return true;
  } catch {
    return false;
  }
}
