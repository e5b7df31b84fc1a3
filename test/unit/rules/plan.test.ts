import { describe, expect, it } from 'vitest';
import type { Pool } from '../../../src/model/pool.ts';
import { planFor } from '../../../src/rules/plan.ts';
import { planAutoextend } from '../../../src/thinpool/autoextend.ts';
import { recipePool } from '../../support/host.ts';
import { makePool, makeSpace } from '../../support/makers.ts';

const MiB = 1024 ** 2;
const extent = 4 * MiB;

/** The pool of the recipe in a VG with this number of free extents. */
function recipe(freeExtents: number, thresholdPercent = 80, parts: Partial<Pool> = {}): Pool {
  const pool: Pool = {
    ...recipePool,
    lvm: {
      vgName: 'docker',
      lvName: 'thinpool',
      role: 'pool',
      monitored: true,
      metadataSizeBytes: 8 * MiB,
    },
    volumeGroup: { ...recipePool.volumeGroup!, freeBytes: freeExtents * extent },
    data: makeSpace(1664, 1936, 524_288),
    metadata: makeSpace(220, 2048, 4096),
    ...parts,
  };
  return {
    ...pool,
    autoextend: planAutoextend(pool, { thresholdPercent, stepPercent: 20, monitoring: true }),
  };
}

const itemOf = (pool: Pool, topic: string, growth?: number) =>
  planFor(pool, growth).items.find((item) => item.topic === topic);

describe('autoextend', () => {
  it('stays as it is where it works', () => {
    expect(itemOf(recipe(49), 'autoextend')).toMatchObject({
      state: 'ok',
      message:
        'The present policy (80/20, threshold/percent) works: VG docker has 196 MiB free, enough for one extension, up to 1.1 GiB of data.',
      commands: [],
    });
  });

  it('gets the largest percent that fits in the VG', () => {
    // 9 free extents: 3% of 242 are 8 extents.
    expect(itemOf(recipe(9), 'autoextend')).toMatchObject({
      state: 'change',
      message: expect.stringMatching(
        /^The present policy \(80\/20, threshold\/percent\) does not fit\. 80\/3 works: /,
      ),
      commands: [
        "printf 'activation {\\n\\tthin_pool_autoextend_threshold=80\\n\\tthin_pool_autoextend_percent=3\\n}\\n' > /etc/lvm/profile/thin-docker-thinpool.profile",
        'lvchange --metadataprofile thin-docker-thinpool docker/thinpool',
        'lvchange --monitor y docker/thinpool',
      ],
      figures: { thresholdPercent: 80, stepPercent: 3, extensions: 1 },
    });
  });

  it('is switched on where it is off', () => {
    expect(itemOf(recipe(60, 100), 'autoextend')).toMatchObject({
      state: 'change',
      message: expect.stringMatching(/^Autoextend is off\. 80\/20 works: /),
    });
  });

  it('says that no step fits, and what the disk must have', () => {
    expect(itemOf(recipe(0), 'autoextend')).toMatchObject({
      state: 'change',
      message:
        'No step fits, not even 1% of the pool: VG docker has 0 B free; 20% of the pool needs 196 MiB. Add a disk of at least 196 MiB.',
      commands: ['vgextend docker DEVICE'],
    });
  });

  it('names what keeps LVM from changing the VG', () => {
    const volumeGroup = { ...recipePool.volumeGroup!, missingPvCount: 1 };
    expect(itemOf(recipe(60, 80, { volumeGroup }), 'autoextend')).toMatchObject({
      state: 'change',
      message: expect.stringContaining('a PV is missing from VG docker'),
    });
  });

  it('is unknown without figures, and no matter of pools without LVM', () => {
    expect(itemOf(makePool(), 'autoextend')).toMatchObject({ state: 'unknown' });
    expect(itemOf(makePool({ owner: 'docker' }), 'autoextend')).toMatchObject({ state: 'ok' });
    expect(itemOf(recipe(60, 80, { layouts: {} }), 'autoextend')).toMatchObject({ state: 'unknown' });
  });
});

describe('metadata', () => {
  const counters = { ...recipePool.counters!, metadataUsedBlocks: 1900 };
  it('is enough at the present ratio, and LVM gets its 4 MiB', () => {
    expect(itemOf(recipe(60), 'metadata')).toMatchObject({ state: 'ok', figures: { sizeBytes: 8 * MiB } });
  });

  it('is extended by what is missing', () => {
    const small = { metadata: makeSpace(1900, 2048, 4096), counters };
    const item = itemOf(recipe(60, 80, small), 'metadata');
    expect(item).toMatchObject({
      state: 'change',
      commands: ['lvextend --poolmetadatasize +5M docker/thinpool'],
    });
    expect(item?.message).toMatch(
      /^It has 8\.0 MiB and needs 8\.5 MiB when its data is full \(at the present ratio/,
    );
    expect(itemOf(recipe(0, 80, small), 'metadata')?.message).toMatch(
      /does not have that much free: add a disk first/,
    );
  });

  it('is unknown without figures', () => {
    const { metadata: _, ...pool } = makePool();
    expect(itemOf(pool, 'metadata')).toMatchObject({ state: 'unknown' });
  });
});

describe('the spare', () => {
  const spare = (sizeBytes: number) => ({ spare: { sizeBytes, largestOtherBytes: 0 } });
  it('is as large as the metadata, or fits in the VG', () => {
    expect(itemOf(recipe(0, 80, spare(8 * MiB)), 'spare')).toMatchObject({ state: 'ok' });
    expect(itemOf(recipe(2, 80, spare(0)), 'spare')).toMatchObject({ state: 'ok' });
    expect(itemOf(recipe(1, 80, spare(0)), 'spare')).toMatchObject({
      state: 'change',
      message:
        'There is no spare for repairs, and a repair needs 8.0 MiB. VG docker is 4.0 MiB short: add a disk.',
    });
  });

  it('is left out where it is not known whether there is one', () => {
    expect(itemOf(recipe(0), 'spare')).toBeUndefined();
  });
});

describe('the next disk', () => {
  it('is due before the pool is full, after all that the VG has', () => {
    // 291 extents at last, of which 208 are used.
    expect(itemOf(recipe(49), 'next_disk', 8 * extent)).toMatchObject({
      state: 'change',
      message:
        'At 32.0 MiB per day the pool is full in 10d9h, after every extension that VG docker has room for (332 MiB left). The next disk is due before that.',
    });
    expect(itemOf(recipe(49), 'next_disk', 1 * extent)).toMatchObject({ state: 'ok' });
  });

  it('is due before the minimum free', () => {
    const minimumFrees = [{ resource: 'data', origin: 'option', bytes: 68 * MiB }] as const;
    expect(itemOf(recipe(0, 100, { minimumFrees }), 'next_disk', 68 * MiB)?.message).toMatch(
      /^At 68\.0 MiB per day the pool is at its minimum free in 1d \(68\.0 MiB left\)/,
    );
  });

  it('is not known without growth, and not due without any', () => {
    expect(itemOf(recipe(49), 'next_disk')).toMatchObject({
      state: 'unknown',
      message: expect.stringContaining('--growth=SIZE'),
    });
    expect(itemOf(recipe(49), 'next_disk', -5)).toMatchObject({ state: 'ok' });
  });
});
