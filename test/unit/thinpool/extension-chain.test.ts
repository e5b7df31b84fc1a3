import { describe, expect, it } from 'vitest';
import type { Pool } from '../../../src/model/pool.ts';
import { planAutoextend } from '../../../src/thinpool/autoextend.ts';
import { chainOf } from '../../../src/thinpool/extension-chain.ts';
import { recipePool } from '../../support/host.ts';
import { makeSpace } from '../../support/makers.ts';

const extent = 4 * 1024 ** 2;
const running = [{ name: 'dmeventd', running: true, frozen: false }];
const lvm = { vgName: 'docker', lvName: 'thinpool', role: 'pool', monitored: true } as const;

/** The pool of the recipe in a VG with this number of free extents. */
function recipe(freeExtents: number, parts: Partial<Pool> = {}): Pool {
  const volumeGroup = { ...recipePool.volumeGroup!, freeBytes: freeExtents * extent };
  const pool: Pool = {
    ...recipePool,
    volumeGroup,
    lvm,
    data: makeSpace(1664, 1936, 524_288),
    metadata: makeSpace(220, 2048, 4096),
    ...parts,
  };
  return {
    ...pool,
    autoextend: planAutoextend(pool, { thresholdPercent: 80, stepPercent: 20, monitoring: true }),
    ...parts,
  };
}

const extents = (pool: Pool, perByte = 0.0001): number[] =>
  chainOf(pool, running, perByte).sizes.map(({ data }) => data / extent);

describe('the extensions that LVM makes', () => {
  it('are as many as the VG has room for, each a share of the size before it', () => {
    // 242 extents grow by 49, then 291 by 59 (20%, rounded up).
    expect(extents(recipe(48))).toEqual([]);
    expect(extents(recipe(49))).toEqual([291]);
    expect(extents(recipe(107))).toEqual([291]);
    expect(extents(recipe(108))).toEqual([291, 350]);
  });

  it('end with the one that fails, and what it lacks', () => {
    expect(chainOf(recipe(60), running, 0.0001)).toMatchObject({
      end: 'no-room',
      failing: { resource: 'data', stepBytes: 59 * extent, shortfallBytes: 48 * extent },
    });
  });

  it('take from the PVs, each area from its own', () => {
    const pvs = [30, 30].map((free) => ({
      name: '/dev/sd',
      freeBytes: free * extent,
      allocatable: true,
      missing: false,
    }));
    const mirrored = { layouts: { data: { areas: 2, dataAreas: 1 }, metadata: { areas: 1, dataAreas: 1 } } };
    const group = (each: number) => ({
      ...recipePool.volumeGroup!,
      freeBytes: 2 * each * extent,
      pvs: pvs.map((pv) => ({ ...pv, freeBytes: each * extent })),
    });
    expect(extents(recipe(0, { ...mirrored, volumeGroup: group(48) }))).toEqual([]);
    expect(extents(recipe(0, { ...mirrored, volumeGroup: group(49) }))).toEqual([291]);
    expect(extents(recipe(0, { ...mirrored, volumeGroup: group(108) }))).toEqual([291, 350]);
  });

  it('are of metadata too, where that passes its threshold first', () => {
    const { sizes } = chainOf(
      recipe(60, { data: makeSpace(1000, 1936, 524_288), metadata: makeSpace(1500, 2048, 4096) }),
      running,
      0.1,
    );
    expect(sizes[0]).toEqual({ data: 242 * extent, metadata: 3 * extent });
  });

  it.each([
    ['not-lvm', { owner: 'docker' }],
    ['off', { autoextend: { thresholdPercent: 100, stepPercent: 20, enabled: false, steps: [] } }],
    ['not-monitored', { lvm: { ...lvm, monitored: false } }],
    ['vg-not-changeable', { volumeGroup: { ...recipePool.volumeGroup!, missingPvCount: 1 } }],
    ['policy', { autoextend: undefined }],
    ['policy', { lvmLastKnown: true }],
    ['monitoring', { lvm: { vgName: 'docker', lvName: 'thinpool', role: 'pool' } }],
    ['vg', { roomOutdated: true }],
    ['layout', { layouts: {} }],
  ] as const)('are none where they cannot be, or it is not known: %s', (end, parts) => {
    expect(chainOf(recipe(1000, parts as Partial<Pool>), running, 0.0001)).toMatchObject({ sizes: [], end });
  });

  it('are none while dmeventd does not run', () => {
    const dead = [{ name: 'dmeventd', running: false, frozen: false }];
    expect(chainOf(recipe(1000), dead, 0.0001)).toEqual({ sizes: [], end: 'not-monitored' });
  });
});
