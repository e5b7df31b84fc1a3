import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findTrusted } from '../../../../src/notify/file/program.ts';

const uid = process.geteuid?.() ?? 0;
let folder: string;
beforeEach(() => {
  // Not in /tmp, which everyone may write.
  folder = mkdtempSync(join(homedir(), '.thinpool-exec-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(name: string, mode = 0o755): string {
  const path = join(folder, name);
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, mode);
  return path;
}

describe('a program is run', () => {
  it('if only root and the user of the exporter can write it', async () => {
    expect(await findTrusted(put('notify'), uid)).toBe(join(folder, 'notify'));
    expect(await findTrusted('/bin/sh', uid)).toMatch(/^\/(?:usr\/)?bin\/\w+$/);
  });

  it('as the file that its link names now', async () => {
    const link = join(folder, 'link');
    symlinkSync(put('notify'), link);
    expect(await findTrusted(link, uid)).toBe(join(folder, 'notify'));
  });
});

describe('a program is refused', () => {
  it('that others may write', async () => {
    await expect(findTrusted(put('notify', 0o775), uid)).rejects.toThrow(
      /notify can be written by its group/,
    );
    await expect(findTrusted(put('notify', 0o757), uid)).rejects.toThrow(
      /notify can be written by its group/,
    );
  });

  it('in a folder that others may write', async () => {
    const file = put('notify');
    chmodSync(folder, 0o777);
    await expect(findTrusted(file, uid)).rejects.toThrow(
      `${folder} can be written by its group or by everyone`,
    );
  });

  it('behind a link into such a folder', async () => {
    mkdirSync(join(folder, 'open'));
    symlinkSync(put('open/notify'), join(folder, 'link'));
    chmodSync(join(folder, 'open'), 0o777);
    await expect(findTrusted(join(folder, 'link'), uid)).rejects.toThrow(/open can be written/);
  });

  it.runIf(uid === 0)('that belongs to another user', async () => {
    const file = put('notify');
    chownSync(file, 65_534, 65_534);
    await expect(findTrusted(file, uid)).rejects.toThrow(/notify belongs to another user/);
    expect(await findTrusted(file, 65_534)).toBe(file);
  });

  it('that is not executable, not a file, or not there', async () => {
    await expect(findTrusted(put('notify', 0o644), uid)).rejects.toThrow(/notify is not executable/);
    await expect(findTrusted(folder, uid)).rejects.toThrow('it is no regular file');
    await expect(findTrusted(join(folder, 'none'), uid)).rejects.toThrow(/ENOENT/);
  });
});
