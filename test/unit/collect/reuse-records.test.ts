import { expect, it } from 'vitest';
import { reuseRecords } from '../../../src/collect/reuse-records.ts';
import type { VolumeStatus } from '../../../src/model/facts.ts';

const volume = (name: string, mappedSectors: number): VolumeStatus => ({
  name,
  lengthSectors: 2048,
  state: 'readable',
  mappedSectors,
});

it('keeps equal records, wherever they are, and takes those that have changed', () => {
  const before = { volumeStatuses: [volume('a', 1), volume('b', 2), volume('c', 3)] };
  const after = { volumeStatuses: [volume('new', 9), volume('a', 1), volume('b', 5), volume('c', 3)] };
  const { volumeStatuses = [] } = reuseRecords(before, after);
  expect(volumeStatuses).toEqual(after.volumeStatuses);
  expect(volumeStatuses[1]).toBe(before.volumeStatuses[0]);
  expect(volumeStatuses[3]).toBe(before.volumeStatuses[2]);
});

it('keeps the list itself while nothing in it comes, goes or changes', () => {
  const before = { volumeStatuses: [volume('a', 1), volume('b', 2)] };
  const again = { volumeStatuses: [volume('a', 1), volume('b', 2)] };
  expect(reuseRecords(before, again).volumeStatuses).toBe(before.volumeStatuses);
  const fewer = { volumeStatuses: [volume('a', 1)] };
  expect(reuseRecords(before, fewer).volumeStatuses).toEqual(fewer.volumeStatuses);
});

it('does not take the place of a field that is gone for its value', () => {
  const pool = { name: 'p', startSectors: 0, lengthSectors: 1, targetType: 'thin' };
  const target = { kind: 'volume', unreadable: false } as const;
  const before = { tables: [{ ...pool, target: { ...target, poolDevice: '253:2' as const } }] };
  const after = { tables: [{ ...pool, target }] };
  expect(reuseRecords(before, after)).toEqual(after);
  expect(reuseRecords(before, after).tables?.[0]).not.toHaveProperty('target.poolDevice');
});

it('knows a record without a name by its place', () => {
  const event = (at: number) => ({ vgName: `vg${at}`, sizeBytes: at, freeBytes: at, extentBytes: 4 });
  const before = { volumeGroups: [event(1), event(2)] } as never;
  const kept = reuseRecords(before, { volumeGroups: [event(1), event(3)] } as never);
  expect(kept).toEqual({ volumeGroups: [event(1), event(3)] });
  expect(kept.volumeGroups?.[0]).toBe((before as { volumeGroups: unknown[] }).volumeGroups[0]);
});
