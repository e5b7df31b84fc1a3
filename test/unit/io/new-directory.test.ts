import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fixturePath } from '../../../src/io/capture-files.ts';
import { createDirectory } from '../../../src/io/new-directory.ts';
import { writeRecorded } from '../../../src/io/record.ts';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'new-directory-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const isRoot = process.geteuid?.() === 0;
const other = 12_345;
const modeOf = (path: string) => (lstatSync(path).mode & 0o777).toString(8);

describe('a new directory', () => {
  it('is for its user alone, and so are its files', async () => {
    const umask = process.umask(0);
    try {
      const dir = await createDirectory(join(base, 'host'));
      await dir.write('kmsg', 'log.txt', 'secret\n');
      await dir.write('kmsg', 'log.stderr', '');
      await dir.write(undefined, 'README.md', '# x\n');
      await dir.close();
    } finally {
      process.umask(umask);
    }
    expect(['', 'kmsg', 'kmsg/log.txt', 'README.md'].map((path) => modeOf(join(base, 'host', path)))).toEqual(
      ['700', '700', '600', '600'],
    );
    expect(readFileSync(join(base, 'host/kmsg/log.txt'), 'utf8')).toBe('secret\n');
  });

  it('may exist if it is empty', async () => {
    mkdirSync(join(base, 'host'), { mode: 0o755 });
    const dir = await createDirectory(join(base, 'host/'));
    await dir.write(undefined, 'a', '');
    await dir.close();
    expect(readdirSync(join(base, 'host'))).toEqual(['a']);
  });

  it.each([
    ['a file', (path: string) => writeFileSync(path, ''), 'it exists and is not a directory'],
    ['a link to a directory', (path: string) => symlinkSync(tmpdir(), path), 'it is a symbolic link'],
    ['a link to nowhere', (path: string) => symlinkSync(`${path}-elsewhere`, path), 'it is a symbolic link'],
    [
      'a directory that others may write in',
      (path: string) => {
        mkdirSync(path);
        chmodSync(path, 0o777);
      },
      'other users may write in it',
    ],
    [
      'a directory with something in it',
      (path: string) => {
        mkdirSync(path);
        writeFileSync(join(path, 'mine'), '');
      },
      'is not empty (mine)',
    ],
  ])('is refused where there is %s', async (_, make, message) => {
    const path = join(base, 'host');
    make(path);
    const before = readdirSync(base);
    await expect(createDirectory(path)).rejects.toThrow(message);
    expect(readdirSync(base)).toEqual(before);
  });

  it('follows no link at its end, with a slash either', async () => {
    mkdirSync(join(base, 'target'));
    symlinkSync(join(base, 'target'), join(base, 'link'));
    await expect(createDirectory(join(base, 'link/'))).rejects.toThrow('it is a symbolic link');
  });

  it.each([
    ['/proc/thinpool-capture', 'no directory can be created in /proc'],
    ['/proc/thinpool/capture', '/proc/thinpool does not exist'],
    ['/dev/null/capture', '/dev/null is not a directory'],
    ['/sys/thinpool-capture', isRoot ? 'the file system does not allow it in /sys' : 'no permission in /sys'],
  ])('is refused at once as %s', async (path, message) => {
    await expect(createDirectory(path)).rejects.toThrow(`cannot create directory ${path}: ${message}`);
  });

  it('says that a folder above is missing, also to root', async () => {
    await expect(createDirectory(join(base, 'missing/host'))).rejects.toThrow(
      `${join(base, 'missing')} does not exist`,
    );
  });

  it.skipIf(isRoot)('says that permission is missing', async () => {
    mkdirSync(join(base, 'locked'), { mode: 0o500 });
    await expect(createDirectory(join(base, 'locked/host'))).rejects.toThrow('no permission');
  });

  it.runIf(isRoot)('leads root through no link of another user', async () => {
    mkdirSync(join(base, 'target'));
    symlinkSync(join(base, 'target'), join(base, 'link'));
    lchownSync(join(base, 'link'), other, other);
    await expect(createDirectory(join(base, 'link/host'))).rejects.toThrow(
      'is a symbolic link of another user',
    );
    expect(readdirSync(join(base, 'target'))).toEqual([]);
  });

  it.runIf(isRoot)('is none that belongs to another user', async () => {
    mkdirSync(join(base, 'host'));
    chownSync(join(base, 'host'), other, other);
    await expect(createDirectory(join(base, 'host'))).rejects.toThrow('it belongs to another user');
  });

  it('writes where it was created, whatever its path now is', async () => {
    const dir = await createDirectory(join(base, 'host'));
    const { ino } = statSync(join(base, 'host'));
    const { renameSync } = await import('node:fs');
    renameSync(join(base, 'host'), join(base, 'moved'));
    mkdirSync(join(base, 'elsewhere'));
    symlinkSync(join(base, 'elsewhere'), join(base, 'host'));
    await dir.write('kmsg', 'log.txt', 'x');
    await dir.close();
    expect(readdirSync(join(base, 'elsewhere'))).toEqual([]);
    expect(statSync(join(base, 'moved')).ino).toBe(ino);
    expect(readFileSync(join(base, 'moved/kmsg/log.txt'), 'utf8')).toBe('x');
  });

  it('replaces no file, and follows no link that someone puts there', async () => {
    const dir = await createDirectory(join(base, 'host'));
    await dir.write('kmsg', 'a', '');
    symlinkSync(join(base, 'victim'), join(base, 'host/kmsg/log.txt'));
    await expect(dir.write('kmsg', 'log.txt', 'x')).rejects.toThrow('EEXIST');
    await expect(dir.write('kmsg', 'a', 'x')).rejects.toThrow('EEXIST');
    expect(existsSync(join(base, 'victim'))).toBe(false);
    await dir.close();
  });

  it('is gone after it was discarded, or empty if it was there before', async () => {
    const dir = await createDirectory(join(base, 'host'));
    await dir.write('kmsg', 'log.txt', 'x');
    await dir.discard();
    expect(readdirSync(base)).toEqual([]);
    mkdirSync(join(base, 'host'));
    const again = await createDirectory(join(base, 'host'));
    await again.write('kmsg', 'log.txt', 'x');
    await again.discard();
    expect(readdirSync(join(base, 'host'))).toEqual([]);
  });

  it('names itself where it cannot be removed', async () => {
    const dir = await createDirectory(join(base, 'host'));
    await dir.write('kmsg', 'log.txt', 'x');
    await dir.close();
    await expect(dir.discard()).rejects.toThrow(
      `${join(base, 'host')} is incomplete and could not be removed`,
    );
  });
});

describe('files of a captured host', () => {
  const keys = [
    '..',
    '.',
    '../../etc/cron.d/x',
    '/etc/x',
    'a/../b',
    '.hidden',
    'nul\0',
    '\u2028',
    '..%2f',
    'a\nb',
    '*',
  ];

  it.each(keys)('of %j are in its folder', async (key) => {
    const dir = await createDirectory(join(base, 'host'));
    const output = { stdout: 'x', stderr: '', exitCode: 0, takenAt: 0 };
    await writeRecorded(dir, [{ place: { collector: 'pools', key }, result: { ok: true, output } }]);
    await dir.close();
    expect(readdirSync(base)).toEqual(['host']);
    expect(readdirSync(join(base, 'host'))).toEqual(['pools']);
    expect(readdirSync(join(base, 'host/pools'))).toHaveLength(1);
    expect(readFileSync(`${fixturePath(join(base, 'host'), { collector: 'pools', key })}.txt`, 'utf8')).toBe(
      'x',
    );
  });

  it('are different for different keys', () => {
    const paths = [...keys, '%2E.', '%2E'].map((key) => fixturePath('', { collector: 'pools', key }));
    expect(new Set(paths).size).toBe(paths.length);
  });
});
