import { spawn } from 'node:child_process';
import { pause } from './patience.ts';
import { percentile } from './percentile.ts';

const port = 10057;
/** It answers with as many bytes as its path says. */
const server = `require('node:http').createServer((request, response) => response.end('x'.repeat(Number(request.url.slice(1))))).listen(${port})`;
/** A page of metrics of a small host. */
const smallBytes = 30_000;

/** Carrying a large page takes this guest a tenth of a second: seldom, or the measuring is what is measured. */
const pageRounds = 10;

export interface Yardstick {
  /** Milliseconds of its answers so far. */
  readonly times: readonly number[];
  /** The same of answers as long as the exporter's page. */
  readonly pageTimes: readonly number[];
  /** The length of the exporter's exposition. */
  readonly matchPage: (bytes: number) => void;
  /** Seconds by which the guest itself is late these days: what is allowed on top of every limit. */
  readonly lateSeconds: () => number;
}

/** The median of an idle guest that has its machine to itself. */
const idleMs = 5;
/** About half a minute of answers. */
const recent = 30;
/** A machine that is slower than so is not one to measure on: what fails then, fails. */
const mostSeconds = 6;

/**
 * A poll is a handful of commands, about a second of this guest's CPU: where the yardstick takes three times as long
 * as it should, so do they. The slowest answer is the longest that the guest stood still.
 */
function judgeLateness(times: readonly number[]): number {
  const last = times.slice(-recent);
  const slower = Math.max(0, percentile(last, 0.5) / idleMs - 1);
  return Math.min(mostSeconds, slower + percentile(last, 1) / 1000);
}

/**
 * A server that does nothing but respond, queried at the exporter's pace: it shows how fast the guest itself is,
 * meanwhile.
 */
export function startYardstick(): Yardstick {
  // It ends with the guest.
  spawn(process.execPath, ['-e', server], { stdio: 'ignore' });
  const times: number[] = [];
  const pageTimes: number[] = [];
  let pageBytes: number | undefined;
  const ask = async () => {
    // Until it listens; its first answers are slow, as the exporter's are.
    await pause(2);
    for (let round = 1; ; round += 1) {
      await measure(smallBytes, times);
      await pause(0.5);
      if (pageBytes !== undefined && round % pageRounds === 0) await measure(pageBytes, pageTimes);
      await pause(0.51);
    }
  };
  void ask();
  return {
    times,
    pageTimes,
    matchPage: (bytes) => {
      pageBytes = bytes;
    },
    lateSeconds: () => judgeLateness(times),
  };
}

async function measure(bytes: number, times: number[]): Promise<void> {
  const startedAt = performance.now();
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/${bytes}`, { signal: AbortSignal.timeout(5000) });
    await answer.text();
    times.push(Math.round(performance.now() - startedAt));
  } catch {
    // One that does not come says nothing that the slow ones do not.
  }
}
