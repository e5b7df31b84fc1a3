import { readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { messageOf } from '../format/error-message.ts';
import { failureReasons } from '../model/collector-state.ts';
import { fixturePath, suffixes } from './capture-files.ts';
import { failure, type Place, type Read, type ReadResult } from './read.ts';

/** Why a directory is not a captured host, which would look like a host without any output; undefined if it is one. */
export function whyNoCapture(
  dir: string,
  collectors: readonly { readonly name: string }[],
): string | undefined {
  try {
    const found = statSync(dir, { throwIfNoEntry: false });
    if (found === undefined) return `directory ${dir} does not exist`;
    if (!found.isDirectory())
      return `${dir} is a file; expected the directory that \`thinpool-exporter capture\` wrote`;
    const folders = readdirSync(dir);
    if (collectors.some(({ name }) => folders.includes(name))) return undefined;
    return `${dir} is not a captured host: it has no folder of a collector, such as devices or lvm`;
  } catch (error) {
    return `${dir} cannot be read: ${messageOf(error)}`;
  }
}

/** Reads a captured host as if it were this one. `takenAt` gives the time of capture, Unix ms. */
export function replayHost(dir: string, takenAt: () => number): Read {
  const readLogs = new Set<string>();
  return (input, place) => {
    const result = replay(dir, place, takenAt())
      .then((result) => ('process' in input ? withoutProcess(result, takenAt()) : result))
      .then((result) => ('kernelLog' in input ? onlyOnce(result, input.kernelLog, readLogs) : result))
      .catch((error: unknown) => failure('exited', messageOf(error)));
    return { result, exited: result.then(() => undefined) };
  };
}

/** That a daemon has no process is what was read, though some captures have it as a failure. */
function withoutProcess(result: ReadResult, takenAt: number): ReadResult {
  if (result.ok || result.reason !== 'not-installed') return result;
  return { ok: true, output: { stdout: '', stderr: '', exitCode: 0, takenAt } };
}

/** A log gives the records since the previous read; in a captured host there are none. */
function onlyOnce(result: ReadResult, log: string, readLogs: Set<string>): ReadResult {
  if (!result.ok) return result;
  if (readLogs.has(log)) return { ok: true, output: { ...result.output, stdout: '' } };
  readLogs.add(log);
  return result;
}

async function replay(dir: string, place: Place, takenAt: number): Promise<ReadResult> {
  const path = fixturePath(dir, place);
  const recorded = await readIfThere(`${path}${suffixes.failure}`);
  if (recorded !== undefined) return toFailure(recorded);
  const stdout = await readIfThere(`${path}${suffixes.stdout}`);
  const exit = await readIfThere(`${path}${suffixes.exitCode}`);
  const stderr = await readIfThere(`${path}${suffixes.stderr}`);
  if (stdout === undefined && exit === undefined && stderr === undefined)
    return failure('not-captured', path);
  return {
    ok: true,
    output: { stdout: stdout ?? '', stderr: stderr ?? '', exitCode: Number(exit ?? 0), takenAt },
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
