import { describe, expect, test } from 'vitest';
import type { PhysicalVolume, VolumeGroup } from '../../../src/model/facts.ts';
import { allocatableBytes, obstacleOf, shortfallOf } from '../../../src/thinpool/vg-room.ts';

const extent = 4 * 1024 ** 2;
const pv = (extents: number, parts: Partial<PhysicalVolume> = {}): PhysicalVolume => ({
  name: '/dev/sd',
  freeBytes: extents * extent,
  allocatable: true,
  missing: false,
  ...parts,
});

function group(pvs: readonly PhysicalVolume[] | undefined, parts: Partial<VolumeGroup> = {}): VolumeGroup {
  const freeBytes = (pvs ?? []).reduce((sum, { freeBytes }) => sum + freeBytes, 0);
  return {
    vgName: 'vg',
    sizeBytes: 1000 * extent,
    freeBytes,
    extentBytes: extent,
    pvNames: (pvs ?? []).map(({ name }) => name),
    ...(pvs && { pvs }),
    ...parts,
  };
}

const linear = { areas: 1, dataAreas: 1 };
const raid1 = { areas: 2, dataAreas: 1 };
const striped = { areas: 2, dataAreas: 2 };
const lacks = (vg: VolumeGroup, layout: typeof linear, areaExtents: number, elseExtents = 0) => {
  const bytes = shortfallOf(vg, layout, areaExtents * extent, elseExtents * extent);
  return bytes === undefined ? undefined : bytes / extent;
};

describe('the shortfall, tried on LVM 2.03.16', () => {
  test('RAID1: "86 extents needed, but only 70 available"', () => {
    expect(lacks(group([pv(35), pv(35)]), raid1, 43)).toBe(16);
  });

  test('striped, and the VG was extended by one PV: "40 more required"', () => {
    expect(lacks(group([pv(0), pv(0), pv(255)]), striped, 20)).toBe(40);
  });

  test('free space on a PV with pvchange -xn: "24 needed, but only 5"', () => {
    expect(lacks(group([pv(5), pv(200, { allocatable: false })]), linear, 24)).toBe(19);
  });
});

test.each([
  ['one large PV and small ones beside it', [pv(10), pv(10), pv(100)], 20, 0],
  ['one large PV and too small ones', [pv(10), pv(5), pv(100)], 20, 10],
  ['three equal PVs', [pv(10), pv(10), pv(10)], 15, 0],
  ['not even two PVs', [pv(100)], 1, 2],
])('copies on two PVs out of %s', (_, pvs, area, short) => {
  expect(lacks(group(pvs), raid1, area)).toBe(short);
});

test('what else is needed is counted along', () => {
  expect(lacks(group([pv(10), pv(10)]), raid1, 8, 4)).toBe(0);
  expect(lacks(group([pv(10), pv(10)]), raid1, 8, 5)).toBe(1);
});

describe('where it is not known what each PV has', () => {
  const unknown = (freeExtents: number, pvCount: number) =>
    group(undefined, { freeBytes: freeExtents * extent, pvNames: Array(pvCount).fill('/dev/sd') });

  test('a linear LV is judged by what the VG has free', () => {
    expect(lacks(unknown(10, 2), linear, 10)).toBe(0);
    expect(lacks(unknown(10, 2), linear, 12)).toBe(2);
  });

  test('copies are known not to fit, or nothing is known', () => {
    expect(lacks(unknown(10, 2), raid1, 8)).toBe(6);
    expect(lacks(unknown(20, 2), raid1, 8)).toBeUndefined();
    expect(lacks(unknown(20, 1), raid1, 8)).toBe(16);
  });
});

const room = [pv(10), pv(7, { allocatable: false }), pv(5, { missing: true })];

test.each<[string, Partial<VolumeGroup>, string | undefined, number | undefined]>([
  ['a VG', {}, undefined, 10],
  ['a missing PV', { missingPvCount: 1 }, 'missing-pv', 0],
  ['a missing PV, by the attributes alone', { partial: true }, 'missing-pv', 0],
  ['vgchange --permission r', { readOnly: true }, 'read-only', 0],
  ['vgexport', { exported: true }, 'exported', 0],
  ['a segment type of a newer LVM', { unknownSegments: true }, 'unknown-segment', 0],
])('%s', (_, parts, obstacle, extents) => {
  const vg = group(room, parts);
  expect(obstacleOf(vg)).toBe(obstacle);
  expect(allocatableBytes(vg)).toBe(extents && extents * extent);
  if (obstacle !== undefined) expect(lacks(vg, linear, 3)).toBe(3);
});

test('what can be allocated is unknown if LVM was not queried', () => {
  expect(allocatableBytes(group(undefined, { freeBytes: extent }))).toBeUndefined();
});
