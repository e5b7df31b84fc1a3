import { randomBytes } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Monitor } from '../../collect/monitor.ts';
import { sources } from '../../collectors/index.ts';
import { errnoOf } from '../../io/errno.ts';
import { type Recorded, recordHost, writeRecorded } from '../../io/record.ts';
import { openLook } from '../collect-once.ts';
import type { Context, Run } from '../context.ts';
import { readVersions } from '../tool-versions.ts';
import { renderCaptureReadme } from './readme.ts';
import { createScrambler } from './scramble.ts';
import { chosenNames, scrambleRecorded } from './scramble-recorded.ts';

/** Records one look at the host, in files that --replay reads. */
export const capture: Run = async (context) => {
  const [dir = ''] = context.operands;
  await makeEmpty(dir);
  const recorder = recordHost(context.read);
  const monitor = openLook(context, recorder.read);
  await monitor.settle();
  const tools = await readVersions(sources, recorder.read);
  const { scramble } = context.config;
  const kept = scramble ? scrambleAll(recorder.recorded(), monitor) : recorder.recorded();
  await writeRecorded(dir, kept);
  const { version, now } = context;
  const readme = renderCaptureReadme({ version, takenAt: now(), tools, recorded: kept, scrambled: scramble });
  await writeFile(join(dir, 'README.md'), readme);
  context.print(describe(dir, kept, scramble, context));
  return 0;
};

/** Throws where there is anything: old readings among new ones would be a host that never was. */
async function makeEmpty(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true });
  } catch (error) {
    const why = errnoOf(error) === 'EEXIST' ? 'it is there, and no directory' : String(error);
    throw new Error(`cannot make the directory ${dir}: ${why}`, { cause: error });
  }
  const there = await readdir(dir);
  if (there.length > 0)
    throw new Error(`${dir} is not empty (${there.slice(0, 3).join(', ')}): name a new directory`);
}

function scrambleAll(recorded: readonly Recorded[], monitor: Monitor): Recorded[] {
  const host = hostname();
  const names = [
    ...chosenNames((name) => monitor.trace(name)?.facts ?? []),
    host,
    host.split('.')[0] ?? '',
  ].filter((name) => name !== '');
  return scrambleRecorded(recorded, createScrambler(names, randomBytes(16).toString('hex')));
}

function describe(
  dir: string,
  recorded: readonly Recorded[],
  scrambled: boolean,
  { config }: Context,
): string {
  const failed = recorded.filter(({ ending }) => !ending.ok).length;
  const lost = failed === 0 ? '' : `, ${failed} of them of what could not be read`;
  const care = scrambled
    ? 'Names and UUIDs are replaced. Look through it all the same before you pass it on.'
    : 'It holds names, and messages of the kernel: look through it before you pass it on, or use --scramble.';
  const again = config.replay === undefined ? '' : ' from a captured host';
  return `${recorded.length} readings${again} in ${dir}${lost}.\n${care}\nTo see it: thinpool-exporter check --replay ${dir}\n`;
}
