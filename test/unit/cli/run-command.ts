import type { Context, Run } from '../../../src/cli/context.ts';
import { collectors } from '../../../src/collectors/index.ts';
import { type LoadInput, load } from '../../../src/config/load.ts';
import { createLogger } from '../../../src/log.ts';

/** What a command that reads nothing of the host prints, and its exit status. */
export async function runCommand(
  run: Run,
  argv: readonly string[],
  { environment = {}, readText = () => '' }: Partial<Pick<LoadInput, 'environment' | 'readText'>> = {},
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const input = { argv, readText, collectors };
  const loaded = load({ ...input, environment });
  if (loaded.kind !== 'run') throw new Error(JSON.stringify(loaded));
  const out = { stdout: '', stderr: '' };
  const nothing = (): void => {};
  const context: Context = {
    ...loaded,
    version: '1.2.3',
    log: createLogger(loaded.config, { write: nothing }),
    now: Date.now,
    pause: () => Promise.resolve(),
    read: () => {
      throw new Error('it reads the host');
    },
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
