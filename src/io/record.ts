import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { endings, fixturePath } from './fixture.ts';
import type { Read, ReadResult } from './read.ts';

/** Reads through `read`, and keeps every reading as it came, in the layout that `replayHost` reads. */
export function recordHost(read: Read, dir: string, rewrite: (text: string) => string): Read {
  return (access, place, bounds) => {
    const attempt = read(access, place, bounds);
    const rewritten = { ...place, key: rewrite(place.key) };
    const result = attempt.result.then(async (ending) => {
      await write(fixturePath(dir, rewritten), ending, rewrite);
      return ending;
    });
    return { result, gone: attempt.gone };
  };
}

async function write(path: string, ending: ReadResult, rewrite: (text: string) => string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  if (!ending.ok)
    return writeFile(`${path}${endings.failure}`, `${ending.reason}: ${rewrite(ending.detail)}\n`);
  const { stdout, stderr, exitCode } = ending.reading;
  await writeFile(`${path}${endings.stdout}`, rewrite(stdout));
  if (stderr !== '') await writeFile(`${path}${endings.stderr}`, rewrite(stderr));
  if (exitCode !== 0) await writeFile(`${path}${endings.exitCode}`, `${exitCode}\n`);
}
