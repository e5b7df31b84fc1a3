import { join } from 'node:path';
import type { Context, Run } from '../../../src/cli/context.ts';
import { collectors } from '../../../src/collectors/index.ts';
import { load } from '../../../src/config/load.ts';
import type { Read } from '../../../src/io/read.ts';
import { replayHost } from '../../../src/io/replay.ts';
import { createLogger } from '../../../src/log.ts';
import { capturedAt, hostsDir } from '../../support/replayed.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command that reads the host on a captured one. `later` replaces what is read after a pause. */
export async function runReplayed(
  run: Run,
  host: string,
  argv: readonly string[],
  later: (read: Read) => Read = (read) => read,
): Promise<Ran> {
  let now = capturedAt;
  const captured = replayHost(join(hostsDir, host), () => now);
  let read = captured;
  const loaded = load({ argv, environment: {}, readText: () => '', collectors });
  if (loaded.kind !== 'run') throw new Error(JSON.stringify(loaded));
  const out = { stdout: '', stderr: '' };
  const nothing = (): void => {};
  const context: Context = {
    ...loaded,
    version: '1.2.3',
    log: createLogger(loaded.config, { write: nothing }),
    now: () => now,
    pause: async (ms) => {
      now += ms;
      read = later(captured);
    },
    read: (input, place, bounds) => read(input, place, bounds),
    print: (text) => {
      out.stdout += text;
    },
    printError: (text) => {
      out.stderr += text;
    },
    load: () => loaded,
    onStop: nothing,
    onHangUp: nothing,
    serviceManager: { ready: nothing, stopping: nothing },
    environment: {},
  };
  return { code: await run(context), ...out };
}
