import { describe, expect, it } from 'vitest';
import { parseFileSystem } from '../../../../src/collectors/kernel/statfs.ts';
import { Denied, Exited, ParseError, Unavailable } from '../../../../src/collectors/shared/errors.ts';

function parse(stdout: string, stderr = '', exitCode = 0) {
  return parseFileSystem({ stdout, stderr, exitCode, takenAt: 0 }, '/data');
}

describe('parseFileSystem', () => {
  it('reads sizes and type', () => {
    expect(parse('4096 1000 250 ext2/ext3\n')).toEqual({
      path: '/data',
      type: 'ext2/ext3',
      sizeBytes: 4_096_000,
      freeBytes: 1_024_000,
    });
  });

  it('does not call an unknown type by its number', () => {
    expect(parse('4096 10 0 UNKNOWN (0x1234)\n')).toEqual({ path: '/data', sizeBytes: 40_960, freeBytes: 0 });
  });

  it('does not take a file system without bounds for a full one', () => {
    expect(() => parse('4096 0 0 ramfs\n')).toThrow(Unavailable);
  });

  it.each(['', 'x', '4096 10', '4096 10 -1 xfs', '4096 10 11 xfs', '? ? ? nfs'])('refuses %j', (line) => {
    expect(() => parse(`${line}\n`)).toThrow(ParseError);
  });

  it.each([
    ["stat: cannot read file system information for '/x': No such file or directory", Unavailable],
    ["stat: cannot read file system information for '/x/y': Not a directory", Unavailable],
    ["stat: cannot read file system information for '/x': Permission denied", Denied],
    ["stat: cannot read file system information for '/x': Stale file handle", Exited],
  ])('%s', (stderr, failure) => {
    expect(() => parse('', stderr, 1)).toThrow(failure);
  });
});
