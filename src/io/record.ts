import { fixtureName, fixturePath, suffixes } from './capture-files.ts';
import type { NewDirectory } from './new-directory.ts';
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
export async function writeRecorded(dir: NewDirectory, recorded: readonly Recorded[]): Promise<void> {
  for (const { place, result } of recorded)
    for (const [suffix, content] of filesOf(result))
      await dir.write(place.collector, `${fixtureName(place)}${suffix}`, content);
}

function filesOf(result: ReadResult): readonly (readonly [suffix: string, content: string])[] {
  if (!result.ok) return [[suffixes.failure, `${result.reason}: ${result.detail}\n`]];
  const { stdout, stderr, exitCode } = result.output;
  return [
    [suffixes.stdout, stdout],
    ...(stderr === '' ? [] : [[suffixes.stderr, stderr] as const]),
    ...(exitCode === 0 ? [] : [[suffixes.exitCode, `${exitCode}\n`] as const]),
  ];
}
