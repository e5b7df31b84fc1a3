import { describe, expect, test } from 'vitest';
import type { LogicalVolume, PoolCounters } from '../../../src/model/facts.ts';
import type { Pool, Resource } from '../../../src/model/pool.ts';
import { metadataBlocksMax } from '../../../src/model/units.ts';
import { canExtend, planAutoextend } from '../../../src/thinpool/autoextend.ts';
import { recipePool } from '../../support/host.ts';

const MiB = 1024 ** 2;
const extent = 4 * MiB;
const policy = { thresholdPercent: 80, stepPercent: 20, monitoring: true };
const lv: LogicalVolume = { vgName: 'docker', lvName: 'thinpool', role: 'pool' };

const { volumeGroup: _group, ...ungrouped } = recipePool;
const { counters: _counters, ...uncounted } = recipePool;

function counting(counters: Partial<PoolCounters>): Pool {
  return { ...recipePool, counters: { ...recipePool.counters!, ...counters } };
}

function step(pool: Pool, resource: Resource, given = policy) {
  return planAutoextend(pool, given).steps.find((each) => each.resource === resource);
}

describe('data', () => {
  test('tried on LVM 2.03.16: "49 extents needed, but only 9 available"', () => {
    expect(step(recipePool, 'data')).toEqual({
      resource: 'data',
      stepBytes: 49 * extent,
      neededBytes: 49 * extent,
      shortfallBytes: 40 * extent,
    });
  });

  test('below the threshold the same, since that is when it runs', () => {
    expect(step(counting({ dataUsedBlocks: 10 }), 'data')?.stepBytes).toBe(49 * extent);
  });

  test('past the threshold at least what brings usage below it again: 25 % for a full pool', () => {
    expect(step(counting({ dataUsedBlocks: 1936 }), 'data')?.stepBytes).toBe(Math.ceil(242 / 4) * extent);
    const small = { ...policy, stepPercent: 5 };
    // 86 % used: 100 * 85.95 / 80 = 107.4 -> 8 % of 242 extents.
    expect(step(recipePool, 'data', small)?.stepBytes).toBe(Math.ceil(242 * 0.08) * extent);
    // Exactly at 88 %, 110 % of the threshold, the step is 10 % and no rounding adds to it.
    const exact = counting({ dataUsedBlocks: 88, dataBlocks: 100 });
    expect(step(exact, 'data', small)?.stepBytes).toBe(25 * extent);
  });

  test('by percentages where there are no counters', () => {
    const full = { ...uncounted, lvm: { ...lv, dataPercent: 100 } };
    expect(step(full, 'data')?.stepBytes).toBe(61 * extent);
    expect(step(uncounted, 'data')?.stepBytes).toBe(49 * extent);
  });

  test('fits where the VG has the space', () => {
    const roomy = { ...recipePool, volumeGroup: { ...recipePool.volumeGroup!, freeBytes: 49 * extent } };
    expect(step(roomy, 'data')?.shortfallBytes).toBe(0);
  });

  test('is a multiple of the stripes, and takes an extent more for every copy and parity', () => {
    const laid = (areas: number, dataAreas: number) =>
      step({ ...recipePool, layouts: { data: { areas, dataAreas } } }, 'data');
    expect(laid(2, 1)).toMatchObject({ stepBytes: 49 * extent, neededBytes: 98 * extent });
    expect(laid(2, 2)).toMatchObject({ stepBytes: 50 * extent, neededBytes: 50 * extent });
    expect(laid(5, 3)).toMatchObject({ stepBytes: 51 * extent, neededBytes: 85 * extent });
  });

  test('of an unknown layout takes an unknown amount', () => {
    const { layouts: _, ...unknown } = recipePool;
    expect(step(unknown, 'data')).toEqual({ resource: 'data', stepBytes: 49 * extent });
  });

  test('of an unknown VG is not rounded, and whether it fits is unknown', () => {
    const bytes = Math.ceil(242 * extent * 0.2);
    expect(step(ungrouped, 'data')).toEqual({ resource: 'data', stepBytes: bytes, neededBytes: bytes });
  });
});

describe('metadata', () => {
  test('takes a point more, and the spare as much again', () => {
    // 2048 blocks are 2 extents; 21 % of them are one.
    expect(step(recipePool, 'metadata')).toEqual({
      resource: 'metadata',
      stepBytes: extent,
      neededBytes: 2 * extent,
      shortfallBytes: 0,
    });
  });

  test.each([
    // Tried on LVM 2.03.16: 32 MiB of metadata in an empty VG, and the spare that it makes first.
    ['there is none: its whole size', 0, 0, 3 + 11],
    ['as large as the metadata: grows along', 8, 0, 3 + 3],
    ['smaller: the difference', 4, 0, 3 + 7],
    ['larger: nothing', 100, 0, 3],
    ['smaller than the metadata of another pool', 12, 20, 3 + 8],
  ])('and of the spare, where it is known, only what it lacks: %s', (_, spare, other, extents) => {
    const metadataSizeBytes = 8 * extent;
    const pool = {
      ...counting({ metadataUsedBlocks: 8192, metadataBlocks: 8192 }),
      lvm: { ...lv, metadataSizeBytes },
      spare: { sizeBytes: spare * extent, largestOtherBytes: other * extent },
    };
    expect(step(pool, 'metadata')).toMatchObject({ stepBytes: 3 * extent, neededBytes: extents * extent });
  });

  test('is measured by the LV where LVM reports its size', () => {
    const pool = { ...recipePool, lvm: { ...lv, metadataSizeBytes: 100 * MiB } };
    expect(step(pool, 'metadata')?.stepBytes).toBe(6 * extent);
  });

  test('keeps 4 MiB free, or a quarter, whatever the policy', () => {
    // 8 MiB: extended from 75 % on, so a full one needs 100 * 100 / 75 = 133.4 -> 34 %, and a point.
    const late = { thresholdPercent: 95, stepPercent: 1, monitoring: true };
    const bytes = (pool: Pool) => step(pool, 'metadata', late)?.stepBytes;
    const full = { ...ungrouped, counters: { ...recipePool.counters!, metadataUsedBlocks: 2048 } };
    expect(bytes(full)).toBe(Math.ceil(8 * MiB * 0.35));
    const sized = (blocks: number) => {
      const counters = { ...full.counters, metadataUsedBlocks: blocks, metadataBlocks: blocks };
      return bytes({ ...full, counters });
    };
    // 40 MiB: from 90 % on, 100 * 100 / 90 -> 12 %, and a point.
    expect(sized(10240)).toBe(Math.ceil(40 * MiB * 0.13));
    // 30 MiB: from 86.67 % on, which LVM takes for 86: 100 * 100 / 86 -> 17 %, and a point.
    expect(sized(7680)).toBe(Math.ceil(30 * MiB * 0.18));
  });

  test('cannot grow past what the kernel uses', () => {
    expect(step(counting({ metadataBlocks: metadataBlocksMax }), 'metadata')).toBeUndefined();
    const large = { ...recipePool, lvm: { ...lv, metadataSizeBytes: 15 * 1024 * MiB } };
    // 21 % would be 3.15 GiB; 896.25 MiB are left.
    expect(step(large, 'metadata')?.stepBytes).toBe(225 * extent);
  });

  test('of unknown size has no step', () => {
    expect(step(uncounted, 'metadata')).toBeUndefined();
  });
});

describe('the policy', () => {
  test('below 50 is taken for 50', () => {
    expect(planAutoextend(recipePool, { ...policy, thresholdPercent: 30 })).toMatchObject({
      thresholdPercent: 50,
      enabled: true,
    });
    // 100 * 85.95 / 50 = 171.9 -> 72 %.
    expect(step(recipePool, 'data', { ...policy, thresholdPercent: 30 })?.stepBytes).toBe(175 * extent);
  });

  test('of 100 is off', () => {
    expect(planAutoextend(recipePool, { ...policy, thresholdPercent: 100 })).toEqual({
      thresholdPercent: 100,
      stepPercent: 20,
      enabled: false,
      steps: [],
    });
  });

  test('is not done without monitoring, unless this pool is monitored all the same', () => {
    const unwatched = { ...policy, monitoring: false };
    expect(planAutoextend(recipePool, unwatched).enabled).toBe(false);
    const watched = { ...recipePool, lvm: { ...lv, monitored: true } };
    expect(planAutoextend(watched, unwatched).enabled).toBe(true);
  });

  test('begins at 50% at the earliest, whatever is configured', () => {
    expect(planAutoextend(recipePool, { ...policy, thresholdPercent: 30 })).toMatchObject({
      thresholdPercent: 50,
      configuredPercent: 30,
    });
    expect(planAutoextend(recipePool, policy)).not.toHaveProperty('configuredPercent');
  });

  test('with a step of 0 is tried and never succeeds', () => {
    expect(planAutoextend(recipePool, { ...policy, stepPercent: 0 })).toMatchObject({
      enabled: true,
      steps: [],
    });
  });
});

describe('canExtend', () => {
  const dmeventd = { name: 'dmeventd', running: true, frozen: false };
  test.each([
    ['dmeventd runs', [dmeventd], true],
    ['dmeventd is frozen', [{ ...dmeventd, frozen: true }], false],
    ['dmeventd is gone', [{ ...dmeventd, running: false }], false],
    ['dmeventd was not read', [], undefined],
    ['only another daemon was read', [{ ...dmeventd, name: 'lvmpolld' }], undefined],
  ])('while %s', (_, daemons, expected) => {
    expect(canExtend(daemons)).toBe(expected);
  });
});
