import { describe, expect, test } from 'vitest';
import { devices } from '../../../../src/collectors/dmsetup/devices.ts';
import type { PartialFacts } from '../../../../src/model/facts.ts';
import type { Host } from '../../../../src/model/host.ts';
import { makeHost, makePool } from '../../../support/makers.ts';

const queriesOf = (host: Host) => devices.queries(host, { segMonitor: 'auto' });

function readTables(stdout: string, before?: PartialFacts): unknown[] {
  const query = queriesOf(makeHost()).find(({ key }) => key === 'table');
  const output = { stdout, stderr: '', exitCode: 0, takenAt: 0 };
  return query?.variants[0].parse(output, before).tables?.map(({ target }) => target) ?? [];
}

describe('a volume whose table is the word Fail', () => {
  const before = {
    tables: [
      {
        name: 'vg-thin',
        startSectors: 0,
        lengthSectors: 800,
        targetType: 'thin',
        target: { kind: 'volume', unreadable: false, poolDevice: '254:2', deviceId: 1 },
      },
    ],
  } as const;

  test('belongs to the pool that it belonged to before', () => {
    expect(readTables('vg-thin: 0 800 thin Fail\n', before)).toEqual([
      { kind: 'volume', unreadable: true, poolDevice: '254:2', deviceId: 1 },
    ]);
  });

  test('belongs to no known pool where there was none of its name', () => {
    expect(readTables('vg-other: 0 800 thin Fail\n', before)).toEqual([{ kind: 'volume', unreadable: true }]);
  });

  test('is read anew when it can be', () => {
    expect(readTables('vg-thin: 0 800 thin 254:9 7\n', before)).toMatchObject([
      { unreadable: false, poolDevice: '254:9', deviceId: 7 },
    ]);
  });
});

test.each([
  ['readable', false],
  ['failed', true],
  ['unreadable', true],
] as const)('of a pool that is %s, dependencies are queried: %s', (state, isAsked) => {
  const keys = queriesOf(makeHost({ pools: [makePool({ state })] })).map(({ key }) => key);
  expect(keys.includes('deps')).toBe(isAsked);
});

describe('when a device was made', () => {
  const row = (minor: number, name: string, uuid = '') => `253|${minor}|L--w|1|0|${uuid}|${name}\n`;
  const read = (stdout: string, before?: PartialFacts, beforeAt?: number) => {
    const query = queriesOf(makeHost()).find(({ key }) => key === 'info');
    const output = { stdout, stderr: '', exitCode: 0, takenAt: 9000 };
    return query?.variants[0].parse(output, before, beforeAt) ?? {};
  };
  const times = ({ devices: found = [] }: PartialFacts) => found.map(({ createdAfter }) => createdAfter);
  const first = read(row(1, 'a') + row(2, 'b', 'LVM-b'));

  test('is not known of what the first reading found', () => {
    expect(times(first)).toEqual([undefined, undefined]);
  });

  test('is after the reading before, for what that did not find', () => {
    const second = read(row(1, 'a') + row(2, 'b', 'LVM-b') + row(3, 'c'), first, 4000);
    expect(times(second)).toEqual([undefined, undefined, 4000]);
    expect(times(read(row(1, 'a') + row(3, 'c'), second, 8000))).toEqual([undefined, 4000]);
  });

  test('is after it for another device under the same number, and not for one that was renamed', () => {
    const next = read(row(1, 'another') + row(2, 'renamed', 'LVM-b'), first, 4000);
    expect(times(next)).toEqual([4000, undefined]);
  });
});
