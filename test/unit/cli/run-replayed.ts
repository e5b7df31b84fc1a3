import { join } from 'node:path';
import type { Run } from '../../../src/cli/context.ts';
import type { Read } from '../../../src/io/read.ts';
import { replayHost } from '../../../src/io/replay.ts';
import { capturedAt, hostsDir } from '../../support/replayed.ts';
import { type Ran, runCommand } from './run-command.ts';

/** Runs a command that reads the host on a captured one. `later` replaces what is read after a pause. */
export function runReplayed(
  run: Run,
  host: string,
  argv: readonly string[],
  later: (read: Read) => Read = (read) => read,
): Promise<Ran> {
  let now = capturedAt;
  const captured = replayHost(join(hostsDir, host), () => now);
  let read = captured;
  return runCommand(run, argv, {
    outside: {
      now: () => now,
      pause: async (ms) => {
        now += ms;
        read = later(captured);
      },
      read: (input, place, bounds) => read(input, place, bounds),
    },
  });
}
