import { randomBytes } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { collectors } from '../../collectors/index.ts';
import { errnoOf } from '../../io/errno.ts';
import { type Recorded, recordHost, writeRecorded } from '../../io/record.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { createOnceMonitor } from '../collect-once.ts';
import type { Context, Run } from '../context.ts';
import { readVersions } from '../tool-versions.ts';
import { renderCaptureReadme } from './readme.ts';
import { scrambleRecorded } from './scramble-recorded.ts';

/** Records the output of one read of the host, in files for --replay. */
export const capture: Run = async (context) => {
  const [dir = ''] = context.operands;
  await makeEmpty(dir);
  const recorder = recordHost(context.read);
  const monitor = createOnceMonitor(context, recorder.read);
  await monitor.collectOnce();
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
  await writeFile(join(dir, 'README.md'), readme);
  context.print(describe(dir, recorded, scrambled?.kept, context));
  return 0;
};

/** Throws if the directory is not empty: old output mixed with new would be a host that never existed. */
async function makeEmpty(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true });
  } catch (error) {
    const why = errnoOf(error) === 'EEXIST' ? 'it exists and is not a directory' : String(error);
    throw new Error(`cannot create directory ${dir}: ${why}`, { cause: error });
  }
  const there = await readdir(dir);
  if (there.length > 0)
    throw new Error(`${dir} is not empty (${there.slice(0, 3).join(', ')}): choose a new or empty directory`);
}

function describe(
  dir: string,
  recorded: readonly Recorded[],
  kept: readonly string[] | undefined,
  { config }: Context,
): string {
  const failed = recorded.filter(({ result }) => !result.ok).length;
  const lost = failed === 0 ? '' : ` (${failed} failed)`;
  const care =
    kept === undefined
      ? 'The files contain names and kernel messages: review them before you share them, or use --scramble.'
      : `Every word that is not known to be harmless is replaced. Kept: numbers, and ${kept.length} words, which ${join(dir, 'README.md')} lists. Review that list before you share the files.`;
  const again = config.replay === undefined ? '' : ' of a captured host';
  return `Recorded ${recorded.length} queries${again} in ${dir}${lost}.\n${care}\nTo view the result: thinpool-exporter check --replay ${dir}\n`;
}
