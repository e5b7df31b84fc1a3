import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { collectors } from '../../collectors/index.ts';
import { messageOf } from '../../format/error-message.ts';
import { createDirectory, type NewDirectory } from '../../io/new-directory.ts';
import { type Recorded, recordHost, writeRecorded } from '../../io/record.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { createOnceMonitor } from '../collect-once.ts';
import type { Context, Run } from '../context.ts';
import { readVersions } from '../tool-versions.ts';
import { renderCaptureReadme } from './readme.ts';
import { scrambleRecorded } from './scramble-recorded.ts';

/** Records the output of one read of the host, in files for --replay. */
export const capture: Run = async (context) => {
  const [path = ''] = context.operands;
  const dir = await createDirectory(path);
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
  return 0;
};

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
