import { expect, it } from 'vitest';
import { parseDmDependencies } from '../../../../src/collectors/dmsetup/deps.ts';
import { parseDmInfo } from '../../../../src/collectors/dmsetup/info.ts';
import { parseDmTables } from '../../../../src/collectors/dmsetup/table.ts';
import { linesOf } from '../../../../src/collectors/shared/lines.ts';
import { garbageCollector } from '../../../support/garbage.ts';

it('leaves out what is empty', () => {
  expect(linesOf('a\n\n b \n \n')).toEqual(['a', ' b ']);
  expect(linesOf('é\n')).toEqual(['é']);
});

const textBytes = 1 << 20;
const outputs = 64;
const longName = 'vg-a--thin--volume--with--a--long--name';

/** What stays in memory when of each of many large outputs one record is kept. */
function bytesKept(read: (text: string) => unknown, line: (at: number) => string): number {
  const collect = garbageCollector();
  collect();
  const before = process.memoryUsage().heapUsed;
  const kept = Array.from({ length: outputs }, (_, at) =>
    read(`${line(at)}\n`.repeat(Math.ceil(textBytes / line(at).length))),
  );
  collect();
  const after = process.memoryUsage().heapUsed;
  expect(kept).toHaveLength(outputs);
  return after - before;
}

it.each([
  [
    'dmsetup info',
    (text: string) => parseDmInfo(text).records[0],
    (at: number) => `253|${at}|L--w|1|0|LVM-${'u'.repeat(64)}|${longName}-${at}`,
  ],
  [
    'dmsetup table',
    (text: string) => parseDmTables(text).records[0],
    (at: number) => `${longName}-${at}: 0 2048 thin-pool 253:0 253:1 128 0 1 error_if_no_space`,
  ],
  [
    'dmsetup deps',
    (text: string) => parseDmDependencies(text).records[0],
    (at: number) => `${longName}-${at}: 2 dependencies\t: (254, ${at}) (254, 2)`,
  ],
])('a record of %s does not keep the output that it was read from', { timeout: 60_000 }, (_, read, line) => {
  expect(bytesKept(read, line)).toBeLessThan((outputs * textBytes) / 8);
});
