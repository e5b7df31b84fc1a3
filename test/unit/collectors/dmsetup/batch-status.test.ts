import { describe, expect, it } from 'vitest';
import { inBatches, readerOf } from '../../../../src/collectors/dmsetup/batch-status.ts';
import { ParseError } from '../../../../src/collectors/shared/errors.ts';

const output = (...lines: readonly string[]) => ({
  stdout: lines.map((line) => `${line}\n`).join(''),
  stderr: '',
  exitCode: 0,
  takenAt: 0,
});

describe('a reader of the status of several devices', () => {
  const parsed: string[] = [];
  const reader = () =>
    readerOf(['a', 'b', 'c'], ({ words, text }, name) => {
      parsed.push(text);
      if (words[0] === 'odd') throw new ParseError('a number', text);
      return { name, used: words[0] };
    });
  const parsedBy = <Result>(act: () => Result): [Result, readonly string[]] => {
    parsed.length = 0;
    return [act(), [...parsed]];
  };

  it('parses only lines that are not as in the output before', () => {
    const read = reader();
    const first = read(output('a: 0 8 thin 1', 'b: 0 8 thin 2'));
    const [second, texts] = parsedBy(() => read(output('a: 0 8 thin 1', 'b: 0 8 thin 3')));
    expect(texts).toEqual(['b: 0 8 thin 3']);
    expect(second.records).toEqual([
      { name: 'a', used: '1' },
      { name: 'b', used: '3' },
    ]);
    expect(second.records[0]).toBe(first.records[0]);
  });

  it('parses a line again that could not be read, or that is at another place', () => {
    const read = reader();
    expect(read(output('a: 0 8 thin 1', 'b: 0 8 thin odd')).unreadable).toHaveLength(1);
    const [again, texts] = parsedBy(() => read(output('a: 0 8 thin 1', 'b: 0 8 thin odd')));
    expect(again.unreadable).toHaveLength(1);
    expect(texts).toEqual(['b: 0 8 thin odd']);
    const [moved] = parsedBy(() => read(output('b: 0 8 thin 5', 'a: 0 8 thin 1')));
    expect(moved.records.map(({ name }) => name)).toEqual(['b', 'a']);
    expect(moved.unreadable).toEqual([]);
  });

  it('knows a device without a table, and one that is gone', () => {
    const read = reader();
    for (const _ of [1, 2])
      expect(read(output('a: ', 'c: 0 8 thin 1')).records).toEqual([{ name: 'c', used: '1' }]);
    expect(read(output('c: 0 8 thin 1')).records).toEqual([{ name: 'c', used: '1' }]);
    expect(read(output('No devices found')).records).toEqual([]);
  });
});

describe('the names of a command', () => {
  const named = (count: number, length: number) =>
    Array.from({ length: count }, (_, at) => String(at).padStart(length, 'v'));

  it('are thousands, in their order', () => {
    const names = named(4500, 26);
    const batches = inBatches(names);
    expect(batches.map((batch) => batch.length)).toEqual([2000, 2000, 500]);
    expect(batches.flat()).toEqual(names);
    expect(inBatches([])).toEqual([]);
  });

  it('stay below what the kernel takes of the longest names', () => {
    const batches = inBatches(named(2000, 127));
    expect(batches.flat()).toHaveLength(2000);
    for (const batch of batches) expect(batch.length * (127 + 1 + 8)).toBeLessThan(100 << 10);
    expect(batches).toHaveLength(3);
  });
});
