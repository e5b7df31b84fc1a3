import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { monotonicSeconds } from './moments.ts';
import { pause } from './patience.ts';

export interface SteadyFill {
  readonly device: string;
  readonly blockBytes: number;
  /** The first block that is written, and the first that is not. */
  readonly from: number;
  readonly to: number;
  readonly blocksPerSecond: number;
}

/** Writes one block of a thin volume after the other, each to the disk, at a fixed rate. When each was there, in order. */
export async function fillSteadily(fill: SteadyFill): Promise<readonly number[]> {
  const { device, blockBytes, from, to, blocksPerSecond } = fill;
  const file = openSync(device, constants.O_WRONLY | constants.O_DSYNC);
  const block = Buffer.alloc(blockBytes, 1);
  const times: number[] = [];
  const startedAt = monotonicSeconds();
  try {
    for (let at = from; at < to; at += 1) {
      writeSync(file, block, 0, blockBytes, at * blockBytes);
      times.push(monotonicSeconds());
      await pause(Math.max(0, startedAt + (at + 1 - from) / blocksPerSecond - monotonicSeconds()));
    }
  } finally {
    closeSync(file);
  }
  return times;
}
