import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fixturePath, suffixes } from './capture-files.ts';
import type { Place, Read, ReadResult } from './read.ts';

export interface Recorded {
  readonly place: Place;
  readonly result: ReadResult;
}

export interface Recorder {
  readonly read: Read;
  /** The latest result of each query. */
  readonly recorded: () => readonly Recorded[];
}

/** Wraps `read` and keeps the results in memory, because a stalled disk must not delay a query. */
export function recordHost(read: Read): Recorder {
  const kept = new Map<string, Recorded>();
  const keep = (place: Place, result: ReadResult): void => {
    // A captured host without this output has nothing to record.
    if (!result.ok && result.reason === 'not-captured') return;
    kept.set(fixturePath('', place), { place, result });
  };
  return {
    read: (input, place, bounds) => {
      const pending = read(input, place, bounds);
      pending.result.then((result) => keep(place, result));
      return pending;
    },
    recorded: () => [...kept.values()],
  };
}

/** Writes results in the layout that `replayHost` reads. */
export async function writeRecorded(dir: string, recorded: readonly Recorded[]): Promise<void> {
  for (const { place, result } of recorded) {
    const path = fixturePath(dir, place);
    await mkdir(dirname(path), { recursive: true });
    await writeResult(path, result);
  }
}

async function writeResult(path: string, result: ReadResult): Promise<void> {
  if (!result.ok) return writeFile(`${path}${suffixes.failure}`, `${result.reason}: ${result.detail}\n`);
  const { stdout, stderr, exitCode } = result.output;
  await writeFile(`${path}${suffixes.stdout}`, stdout);
  if (stderr !== '') await writeFile(`${path}${suffixes.stderr}`, stderr);
  if (exitCode !== 0) await writeFile(`${path}${suffixes.exitCode}`, `${exitCode}\n`);
}
