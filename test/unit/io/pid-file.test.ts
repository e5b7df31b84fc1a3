import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readProcessStat } from '../../../src/io/pid-file.ts';

function writePid(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'process-')), 'daemon.pid');
  writeFileSync(path, text);
  return path;
}

describe('readProcessStat', () => {
  it('reads the stat of the process that the file names', async () => {
    expect(await readProcessStat(writePid(`${process.pid}\n`))).toMatch(
      new RegExp(`^${process.pid} \\(.+\\) [RS] `),
    );
  });

  it.each(['', 'x\n', '0\n', '-1\n', '1 2\n', '99999999999\n', '../1\n'])(
    'finds none for %j',
    async (text) => {
      expect(await readProcessStat(writePid(text))).toBe('');
    },
  );

  it('finds none where the process or the file is gone', async () => {
    const proc = mkdtempSync(join(tmpdir(), 'proc-'));
    mkdirSync(join(proc, '7'));
    expect(await readProcessStat(writePid('7\n'), proc)).toBe('');
    expect(await readProcessStat(writePid('8\n'), proc)).toBe('');
    expect(await readProcessStat(join(proc, 'nothing'))).toBe('');
  });
});
