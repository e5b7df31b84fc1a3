import { describe, expect, it } from 'vitest';
import type { Pool } from '../../../src/model/pool.ts';
import type { PoolTrend } from '../../../src/model/trend.ts';
import { defaultLimits } from '../../../src/rules/limits.ts';
import { judgeRoom, roomBasis } from '../../../src/rules/room.ts';
import { planAutoextend } from '../../../src/thinpool/autoextend.ts';
import { lvmMinimums } from '../../../src/thinpool/lvm-minimum-free.ts';
import { recipePool } from '../../support/host.ts';
import { makeHost, makePool, makeSpace, makeUnknownPool } from '../../support/makers.ts';

const MiB = 1024 ** 2;
const GiB = 1024 * MiB;
const extent = 4 * MiB;
const daemons = [{ name: 'dmeventd', running: true, frozen: false }];

function ask(
  pool: Pool,
  bytes: number,
  { newVolume = false, rate }: { newVolume?: boolean; rate?: number } = {},
) {
  const trend: PoolTrend | undefined =
    rate === undefined
      ? undefined
      : { pool: pool.name, fastest: [], data: { points: [], bytesPerSecond: rate } };
  return judgeRoom(roomBasis(pool, makeHost({ daemons }), defaultLimits, trend), { bytes, newVolume });
}

/** The pool of the recipe, of which LVM makes the volumes, used as given, in a VG with this number of free extents. */
function lvmPool(usedBlocks: number, freeExtents: number, thresholdPercent = 80): Pool {
  const parts: Pool = {
    ...recipePool,
    lvm: { vgName: 'docker', lvName: 'thinpool', role: 'pool', monitored: true, thinCount: 1 },
    volumeGroup: { ...recipePool.volumeGroup!, freeBytes: freeExtents * extent },
    counters: { ...recipePool.counters!, dataUsedBlocks: usedBlocks },
    data: makeSpace(usedBlocks, 1936, 524_288),
    metadata: makeSpace(220, 2048, 4096),
  };
  const autoextend = planAutoextend(parts, { thresholdPercent, stepPercent: 20, monitoring: true });
  const pool = { ...parts, autoextend };
  return { ...pool, minimumFrees: lvmMinimums(pool) };
}

describe('the verdict', () => {
  it('is that it fits, with what is left until the first limit', () => {
    const verdict = ask(makePool(), 10 * GiB);
    expect(verdict).toMatchObject({
      verdict: 'fits',
      reason: '10.0 GiB fit in pool docker-thinpool',
      leftBytes: (3_276_800 - 581_965) * 65_536,
    });
    expect(verdict.limits[0]).toMatchObject({ resource: 'data', limit: 'full' });
    expect(verdict.limits.some(({ isHit }) => isHit)).toBe(false);
  });

  it('counts whole blocks', () => {
    const pool = makePool({ owner: 'other', data: makeSpace(9, 10, 65_536) });
    expect(ask(pool, 65_536).verdict).toBe('tight');
    expect(ask(pool, 65_537).verdict).toBe('does_not_fit');
  });

  it('is that it does not fit, with the first limit that is hit', () => {
    const minimumFrees = [{ resource: 'data', origin: 'docker', bytes: 100 * GiB }] as const;
    const verdict = ask(makePool({ owner: 'other', minimumFrees }), 70 * GiB);
    expect(verdict).toMatchObject({
      verdict: 'does_not_fit',
      limits: [{ limit: 'minimum_free', isHit: true }, {}, {}],
    });
    expect(verdict.reason).toBe(
      '70.0 GiB do not fit in pool docker-thinpool: data is below its minimum free (docker) after 64.5 GiB; LVM does not extend it',
    );
  });

  it('is that nothing fits below the minimum free, not even 0 bytes', () => {
    const minimumFrees = [{ resource: 'data', origin: 'option', bytes: 190 * GiB }] as const;
    expect(ask(makePool({ owner: 'other', minimumFrees }), 0)).toMatchObject({
      verdict: 'does_not_fit',
      reason: expect.stringContaining('below its minimum free (configured) already'),
    });
  });

  it('is limited by metadata at the present ratio', () => {
    const counters = { ...makePool().counters!, metadataUsedBlocks: 4_000_000, dataUsedBlocks: 400_000 };
    const pool = makePool({
      owner: 'other',
      counters,
      data: makeSpace(400_000, 3_276_800, 65_536),
      metadata: makeSpace(4_000_000, 4_161_600, 4096),
    });
    expect(ask(pool, 2 * GiB)).toMatchObject({
      verdict: 'does_not_fit',
      reason: expect.stringMatching(/: its metadata is full after 1010 MiB; LVM does not extend it$/),
    });
  });

  it('is that it fits only with an extension, where the VG has the space', () => {
    expect(ask(lvmPool(1500, 49), 300 * MiB)).toMatchObject({
      verdict: 'tight',
      extensions: 1,
      reason:
        '300 MiB fit in pool docker-thinpool only if LVM extends it once: without that, it is full after 218 MiB. VG docker has the space',
    });
  });

  it('is that it does not fit where the VG cannot give the extension', () => {
    expect(ask(lvmPool(1500, 48), 300 * MiB)).toMatchObject({
      verdict: 'does_not_fit',
      reason:
        '300 MiB do not fit in pool docker-thinpool: it is full after 218 MiB; VG docker has no room for the next extension (4.0 MiB short)',
    });
    expect(ask(lvmPool(1500, 49), GiB).reason).toMatch(
      /; VG docker has no room for the next extension after one extension \(236 MiB short\)$/,
    );
  });

  it('is tight where LVM then refuses new volumes and cannot extend the pool, and fits where it can', () => {
    expect(ask(lvmPool(1500, 48), 100 * MiB)).toMatchObject({
      verdict: 'tight',
      reason: expect.stringContaining('LVM then refuses new thin volumes and snapshots, because of data'),
    });
    expect(ask(lvmPool(1500, 49), 100 * MiB).verdict).toBe('fits');
  });

  it('is tight where the pool is nearly full then', () => {
    expect(ask(lvmPool(1500, 0, 100), 200 * MiB)).toMatchObject({
      verdict: 'tight',
      reason: '200 MiB fit in pool docker-thinpool, but 18.0 MiB are left then (1.9% of data)',
    });
  });

  it('is tight where the growth uses up the rest within minutes', () => {
    const { data } = makePool();
    expect(ask(makePool(), 100 * GiB, { rate: 0.5 * GiB })).toMatchObject({
      verdict: 'tight',
      reason: '100 GiB fit in pool docker-thinpool, but the pool fills up at 512 MiB/s: the rest lasts 2m8s',
      growthBytesPerSecond: 0.5 * GiB,
    });
    expect(data?.freeBytes).toBeGreaterThan(0);
    expect(ask(makePool(), GiB, { rate: 1000 }).verdict).toBe('fits');
    expect(ask(makePool(), GiB, { rate: -1000 }).verdict).toBe('fits');
  });

  it.each([
    ['is not active', { presence: 'inactive' }],
    ['has failed', { state: 'failed' }],
    ['is suspended: all I/O waits', { suspended: true }],
  ] as const)('is that nothing fits in a pool that %s', (why, parts) => {
    const pool = { ...makePool(), ...parts } as Pool;
    expect(ask(pool, 1)).toMatchObject({ verdict: 'does_not_fit', reason: `pool docker-thinpool ${why}` });
  });
});

describe('what is not known', () => {
  it('is never taken for fitting', () => {
    expect(ask(makeUnknownPool(), 1)).toMatchObject({
      verdict: 'unknown',
      reason: 'it is not known whether 1 B fit: how much of the pool is used could not be read',
    });
    expect(ask(makeUnknownPool(), 1)).not.toHaveProperty('leftBytes');
  });

  it('does not hide a limit that is hit, where no extension can be made', () => {
    const { metadata: _, ...pool } = makePool({ owner: 'other' });
    expect(ask(pool, 300 * GiB).verdict).toBe('does_not_fit');
    expect(ask(pool, GiB).verdict).toBe('unknown');
  });

  it('is whether an extension helps, where LVM could not be read', () => {
    expect(ask(makePool(), 300 * GiB)).toMatchObject({
      verdict: 'unknown',
      reason: expect.stringMatching(/and whether an extension helps is not known: LVM's autoextend settings/),
    });
  });
});

describe('a new volume', () => {
  it('does not fit while LVM refuses it, whatever is free', () => {
    const pool = lvmPool(1600, 0);
    expect(ask(pool, 0)).toMatchObject({ newVolumes: 'refused', verdict: 'tight' });
    expect(ask(pool, 0, { newVolume: true })).toMatchObject({
      verdict: 'does_not_fit',
      reason:
        'LVM refuses new thin volumes and snapshots in docker/thinpool: 82.64% of its data is used, and the limit is 80.00%, whatever is free',
    });
    expect(ask(lvmPool(1500, 49), 0, { newVolume: true })).toMatchObject({
      verdict: 'fits',
      newVolumes: 'accepted',
    });
  });

  it("is not known to fit while LVM's limit is not known", () => {
    const verdict = ask(makePool(), GiB, { newVolume: true });
    expect(verdict).toMatchObject({ verdict: 'unknown', newVolumes: 'unknown' });
  });

  it('is no matter of LVM where LVM creates none', () => {
    expect(ask(makePool({ owner: 'other' }), GiB, { newVolume: true })).toMatchObject({ verdict: 'fits' });
    expect(ask(makePool({ owner: 'other' }), GiB)).not.toHaveProperty('newVolumes');
  });
});
