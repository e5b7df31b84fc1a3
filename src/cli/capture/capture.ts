import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { collectors } from '../../collectors/index.ts';
import { messageOf } from '../../format/error-message.ts';
import { createDirectory, type NewDirectory } from '../../io/new-directory.ts';
import { type Recorded, recordHost, writeRecorded } from '../../io/record.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { createOnceMonitor } from '../collect-once.ts';
import type { Context, Run, StopSignal } from '../context.ts';
import { readVersions } from '../tool-versions.ts';
import { renderCaptureReadme } from './readme.ts';
import { scrambleRecorded } from './scramble-recorded.ts';

/** As a shell reports a program that a signal has ended. */
const exitCodes: Readonly<Record<StopSignal, number>> = { SIGINT: 130, SIGTERM: 143 };

/** Files are small: a write that takes longer hangs. */
const writeMs = 2000;

/** Records the output of one read of the host, in files for --replay. */
export const capture: Run = async (context) => {
  const [path = ''] = context.operands;
  const stopped = new Promise<StopSignal>((resolve) => context.onStop(resolve));
  const dir = stoppable(await createDirectory(path));
  const signal = await Promise.race([stopped, record(dir, path, context)]);
  if (signal === undefined) return 0;
  await Promise.race([dir.stop(), context.pause(writeMs)]);
  const removed = dir.discard().then(
    () => `what it had written to ${path} was removed`,
    (why: unknown) => messageOf(why),
  );
  const hangs = context.pause(writeMs).then(() => `${path} is incomplete: remove it`);
  context.printError(`capture: interrupted; ${await Promise.race([removed, hangs])}\n`);
  return exitCodes[signal];
};

interface StoppableDirectory extends NewDirectory {
  /** Settles when nothing is being written. What is written later fails. */
  readonly stop: () => Promise<void>;
}

function stoppable(dir: NewDirectory): StoppableDirectory {
  let isStopped = false;
  let last: Promise<void> = Promise.resolve();
  let discarded: Promise<void> | undefined;
  return {
    ...dir,
    write: async (...file) => {
      if (isStopped) throw new Error('interrupted');
      last = dir.write(...file);
      await last;
    },
    discard: () => {
      discarded ??= dir.discard();
      return discarded;
    },
    stop: async () => {
      isStopped = true;
      await last.catch(() => {});
    },
  };
}

async function record(dir: StoppableDirectory, path: string, context: Context): Promise<undefined> {
  try {
    context.print(await recordIn(dir, path, context));
  } catch (error) {
    const left = await dir.discard().then(
      () => '',
      (why: unknown) => `. ${messageOf(why)}`,
    );
    throw new Error(`cannot write the capture to ${path}: ${messageOf(error)}${left}`, { cause: error });
  }
  await dir.close();
  return undefined;
}

/** Gives what to say about it. */
async function recordIn(dir: NewDirectory, path: string, context: Context): Promise<string> {
  const recorder = recordHost(context.read);
  await createOnceMonitor(context, recorder.read).collectOnce();
  const tools = await readVersions(collectors, recorder.read);
  const scrambled = context.config.scramble
    ? scrambleRecorded(recorder.recorded(), collectors, randomBytes(16).toString('hex'))
    : undefined;
  const recorded = scrambled?.recorded ?? recorder.recorded();
  await writeRecorded(dir, recorded);
  const { version, now } = context;
  const readme = renderCaptureReadme({
    version,
    takenAt: now(),
    tools: tools.map(({ tool, version: found = 'unknown' }) => ({
      of: tool.of,
      version: scrambled?.scrambler.values(found) ?? found,
    })),
    recorded,
    ...omitUndefined({ kept: scrambled?.kept }),
  });
  await dir.write(undefined, 'README.md', readme);
  return describe(path, recorded, scrambled?.kept, context);
}

function describe(
  dir: string,
  recorded: readonly Recorded[],
  kept: readonly string[] | undefined,
  { config }: Context,
): string {
  const failed = recorded.filter(({ result }) => !result.ok).length;
  const lost = failed === 0 ? '' : ` (${failed} without output: see the .failure files)`;
  const care =
    kept === undefined
      ? 'The files contain names and kernel messages: review them before you share them, or use --scramble.'
      : `Every word that is not known to be harmless is replaced. Kept: numbers, and ${kept.length} words, which ${join(dir, 'README.md')} lists. Review that list before you share the files.`;
  const again = config.replay === undefined ? '' : ' of a captured host';
  return `Recorded ${recorded.length} queries${again} in ${dir}${lost}.\n${care}\nTo view the result: thinpool-exporter check --replay ${dir}\n`;
}
