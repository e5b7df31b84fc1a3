import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { endings, fixturePath } from './capture-files.ts';
import type { Place, Read, ReadResult } from './read.ts';

export interface Recorded {
  readonly place: Place;
  readonly ending: ReadResult;
}

export interface Recorder {
  readonly read: Read;
  /** The latest result of each query. */
  readonly recorded: () => readonly Recorded[];
}

/** Wraps `read` and keeps the results in memory, because a stalled disk must not delay a query. */
export function recordHost(read: Read): Recorder {
  const kept = new Map<string, Recorded>();
  const keep = (place: Place, ending: ReadResult): void => {
    // A captured host without this output has nothing to record.
    if (!ending.ok && ending.reason === 'not-captured') return;
    kept.set(fixturePath('', place), { place, ending });
  };
  return {
    read: (access, place, bounds) => {
      const attempt = read(access, place, bounds);
      attempt.result.then((ending) => keep(place, ending));
      return attempt;
    },
    recorded: () => [...kept.values()],
  };
}

/** Writes results in the layout that `replayHost` reads. */
export async function writeRecorded(dir: string, recorded: readonly Recorded[]): Promise<void> {
  for (const { place, ending } of recorded) {
    const path = fixturePath(dir, place);
    await mkdir(dirname(path), { recursive: true });
    await writeEnding(path, ending);
  }
}

async function writeEnding(path: string, ending: ReadResult): Promise<void> {
  if (!ending.ok) return writeFile(`${path}${endings.failure}`, `${ending.reason}: ${ending.detail}\n`);
  const { stdout, stderr, exitCode } = ending.reading;
  await writeFile(`${path}${endings.stdout}`, stdout);
  if (stderr !== '') await writeFile(`${path}${endings.stderr}`, stderr);
  if (exitCode !== 0) await writeFile(`${path}${endings.exitCode}`, `${exitCode}\n`);
}
