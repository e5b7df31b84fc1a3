import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeLeftovers, replaceFile } from '../../../src/io/replace-file.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'replace-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('replacing a file', () => {
  it('leaves the new content, for all to read, and nothing else', async () => {
    const path = join(dir, 'a.prom');
    writeFileSync(path, 'old', { mode: 0o600 });
    await replaceFile(path, 'new\n');
    expect(readFileSync(path, 'utf8')).toBe('new\n');
    expect(statSync(path).mode & 0o777).toBe(0o644);
    expect(readdirSync(dir)).toEqual(['a.prom']);
  });

  it('is for all to read under any umask', async () => {
    const before = process.umask(0o077);
    await replaceFile(join(dir, 'a.prom'), 'new').finally(() => process.umask(before));
    expect(statSync(join(dir, 'a.prom')).mode & 0o777).toBe(0o644);
  });

  it('names a directory that is not there', async () => {
    const path = join(dir, 'none', 'a.prom');
    await expect(replaceFile(path, 'x')).rejects.toThrow(
      `cannot write ${path}: directory ${join(dir, 'none')} does not exist`,
    );
  });

  it('gives up without a trace', async () => {
    const path = join(dir, 'a.prom');
    mkdirSync(path);
    await expect(replaceFile(path, 'x')).rejects.toThrow('it is a directory');
    expect(readdirSync(dir)).toEqual(['a.prom']);
  });

  it('that was killed leaves a file that is removed later, and no other', async () => {
    const path = join(dir, 'a.prom');
    for (const name of ['.a.prom.0123456789ab.tmp', '.a.prom.x.tmp', '.b.prom.0123456789ab.tmp', 'a.prom'])
      writeFileSync(join(dir, name), '');
    await removeLeftovers(path);
    expect(readdirSync(dir).sort()).toEqual(['.a.prom.x.tmp', '.b.prom.0123456789ab.tmp', 'a.prom']);
    await removeLeftovers(join(dir, 'none', 'a.prom'));
  });
});
