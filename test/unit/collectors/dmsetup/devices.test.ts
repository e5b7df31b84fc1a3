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
