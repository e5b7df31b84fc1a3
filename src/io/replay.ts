import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { failureReasons } from '../model/source-state.ts';
import { endings, fixturePath } from './capture-files.ts';
import { failure, type Place, type Read, type ReadResult } from './read.ts';

/** Lets the program refuse a misspelt directory, which would look like a host without any output. */
export function isDirectory(dir: string): boolean {
  return statSync(dir, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Reads a captured host as if it were this one. `takenAt` gives the time of capture, Unix ms. */
export function replayHost(dir: string, takenAt: () => number): Read {
  const toldLogs = new Set<string>();
  return (access, place) => {
    const result = replay(dir, place, takenAt())
      .then((reply) => ('kernelLog' in access ? tellOnce(reply, access.kernelLog, toldLogs) : reply))
      .catch((error: unknown) => failure('exited', String(error)));
    return { result, gone: result.then(() => undefined) };
  };
}

/** A log gives the records since the previous read; in a captured host there are none. */
function tellOnce(reply: ReadResult, log: string, toldLogs: Set<string>): ReadResult {
  if (!reply.ok) return reply;
  if (toldLogs.has(log)) return { ok: true, reading: { ...reply.reading, stdout: '' } };
  toldLogs.add(log);
  return reply;
}

async function replay(dir: string, place: Place, takenAt: number): Promise<ReadResult> {
  const path = fixturePath(dir, place);
  const recorded = await readIfThere(`${path}${endings.failure}`);
  if (recorded !== undefined) return toFailure(recorded);
  const stdout = await readIfThere(`${path}${endings.stdout}`);
  const exit = await readIfThere(`${path}${endings.exitCode}`);
  const stderr = await readIfThere(`${path}${endings.stderr}`);
  if (stdout === undefined && exit === undefined && stderr === undefined)
    return failure('not-captured', path);
  return {
    ok: true,
    reading: { stdout: stdout ?? '', stderr: stderr ?? '', exitCode: Number(exit ?? 0), takenAt },
  };
}

function toFailure(recorded: string): ReadResult {
  const [word = '', ...detail] = recorded.trim().split(': ');
  const reason = failureReasons.find((candidate) => candidate === word);
  if (reason === undefined) return failure('unparseable', `${word} is not a known failure reason`);
  return failure(reason, detail.join(': '));
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
