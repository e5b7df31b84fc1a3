import type { Context, Run } from '../../../src/cli/context.ts';
import { collectors } from '../../../src/collectors/index.ts';
import { type LoadInput, load } from '../../../src/config/load.ts';
import { createLogger } from '../../../src/log.ts';

/** What a command printed, and its exit status. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Around extends Partial<Pick<LoadInput, 'environment' | 'readText'>> {
  /** The host, and its clock; without it the command must read nothing. */
  readonly outside?: Pick<Context, 'read' | 'now' | 'pause'>;
}

const nowhere: Pick<Context, 'read' | 'now' | 'pause'> = {
  now: Date.now,
  pause: () => Promise.resolve(),
  read: () => {
    throw new Error('it reads the host');
  },
};

/** Runs a command in this process. */
export async function runCommand(
  run: Run,
  argv: readonly string[],
  { environment = {}, readText = () => '', outside = nowhere }: Around = {},
): Promise<Ran> {
  const input = { argv, readText, collectors };
  const loaded = load({ ...input, environment });
  if (loaded.kind !== 'run') throw new Error(JSON.stringify(loaded));
  const out = { stdout: '', stderr: '' };
  const nothing = (): void => {};
  const context: Context = {
    ...loaded,
    ...outside,
    version: '1.2.3',
    log: createLogger(loaded.config, { write: nothing }),
    print: (text) => {
      out.stdout += text;
    },
    printError: (text) => {
      out.stderr += text;
    },
    load: (again) => load({ ...input, environment: again }),
    onStop: nothing,
    onHangUp: nothing,
    serviceManager: { ready: nothing, stopping: nothing },
    environment,
  };
  return { code: await run(context), ...out };
}
