import { describe, expect, test } from 'vitest';
import type { LogicalVolume } from '../../../src/model/facts.ts';
import type { Pool } from '../../../src/model/pool.ts';
import { lvmMinimums, refusalsOf } from '../../../src/thinpool/lvm-minimum-free.ts';
import { makePool, makeSpace } from '../../support/makers.ts';

const MiB = 1024 ** 2;
const lvm: LogicalVolume = { vgName: 'vg', lvName: 'pool', role: 'pool', thinCount: 2 };
const autoextend = (thresholdPercent: number) => ({
  thresholdPercent,
  stepPercent: 20,
  enabled: thresholdPercent < 100,
  steps: [],
});

/** A number of MiB of metadata, `used` blocks of them in use, under a threshold. */
function poolOf(metadataMiB: number, used: number, threshold = 100, parts: Partial<Pool> = {}): Pool {
  const metadata = makeSpace(used, (metadataMiB * MiB) / 4096, 4096);
  const data = makeSpace(500, 1000, 65_536);
  return makePool({ lvm, data, metadata, autoextend: autoextend(threshold), ...parts });
}

const bytesOf = (pool: Pool) => lvmMinimums(pool).map(({ resource, bytes }) => [resource, bytes]);

describe('the free space that lvcreate wants', () => {
  test.each([
    [4, 1 * MiB],
    [16, 4 * MiB],
    [112, 4 * MiB],
    [16 * 1024, 4 * MiB],
  ])('of %i MiB of metadata, if nothing extends the pool', (size, bytes) => {
    expect(bytesOf(poolOf(size, 0))).toEqual([['metadata', bytes]]);
  });

  test('is what lies above the autoextend threshold', () => {
    expect(bytesOf(poolOf(112, 0, 80))).toEqual([
      ['data', 200 * 65_536],
      ['metadata', (28_672 - 22_937) * 4096],
    ]);
    // The reserve is more than a tenth of 16 MiB.
    expect(bytesOf(poolOf(16, 0, 90))).toEqual([
      ['data', 100 * 65_536],
      ['metadata', 4 * MiB],
    ]);
  });

  test('follows a threshold below 50%, above which LVM extends nothing yet', () => {
    const low = { ...poolOf(112, 0, 50), autoextend: { ...autoextend(50), configuredPercent: 30 } };
    expect(bytesOf(low)[0]).toEqual(['data', 700 * 65_536]);
    expect(refusalsOf(low)).toMatchObject([{ resource: 'data', usedPercent: 50, limitPercent: 30 }]);
  });

  test('is known of the metadata also where the threshold is not', () => {
    const { autoextend: _, ...unknown } = poolOf(112, 0);
    expect(bytesOf(unknown)).toEqual([['metadata', 4 * MiB]]);
  });

  const dockerInfo = { kind: 'docker', driver: 'devicemapper', poolUnreadable: false, loopback: false };
  const { lvm: _, ...unasked } = poolOf(112, 0, 80);
  const thin = { name: 'vg-thin', device: '253:7', suspended: false, sizeBytes: 1 } as const;

  test.each<[string, Pool, boolean]>([
    ['Docker says that it uses the pool', { ...poolOf(112, 0, 80), dockerInfo }, false],
    [
      'Docker says nothing, and LVM made no volume',
      { ...poolOf(112, 0, 80), lvm: { ...lvm, thinCount: 0 } },
      false,
    ],
    ['another one than LVM manages the pool', { ...poolOf(112, 0, 80), owner: 'containerd' }, false],
    [
      'LVM was not asked, and its volumes are seen',
      { ...unasked, volumes: [{ ...thin, lvName: 'thin' }] },
      true,
    ],
    ['LVM was not asked, and other volumes are seen', { ...unasked, volumes: [thin] }, false],
  ])('where %s', (_, pool, hasOne) => {
    expect(lvmMinimums(pool).length > 0).toBe(hasOne);
    expect(refusalsOf({ ...pool, data: makeSpace(900, 1000, 65_536) }).length > 0).toBe(hasOne);
  });
});

describe('LVM refuses, as seen with 2.03.31', () => {
  test.each([
    [4, 766, undefined],
    [4, 833, 'refuses'],
    [16, 3016, undefined],
    [16, 3083, 'at the limit'],
    [16, 3200, 'refuses'],
    [112, 27_600, undefined],
    [112, 27_811, 'refuses'],
  ])('%i MiB of metadata with %i blocks in use: %s', (size, used, expected) => {
    const [refusal] = refusalsOf(poolOf(size, used));
    expect(refusal && (refusal.isClose ? 'at the limit' : 'refuses')).toBe(expected);
  });

  test.each([
    [800, undefined],
    [801, 'at the limit'],
    [864, 'at the limit'],
    [865, 'refuses'],
  ])('1000 blocks of data with %i in use and a threshold of 80%%: %s', (used, expected) => {
    const data = makeSpace(used, 1000, 65_536);
    const [refusal] = refusalsOf(poolOf(112, 0, 80, { data }));
    expect(refusal && (refusal.isClose ? 'at the limit' : 'refuses')).toBe(expected);
    expect(refusalsOf(poolOf(112, 0, 100, { data }))).toEqual([]);
  });

  test('exactly at the reserve, and only above the threshold', () => {
    expect(refusalsOf(poolOf(16, 3072))).toMatchObject([
      { why: 'reserve', limitPercent: 75, usedPercent: 75 },
    ]);
    const data = makeSpace(801, 1000, 65_536);
    expect(refusalsOf(poolOf(112, 22_938, 80, { data }))).toMatchObject([
      { resource: 'data', why: 'threshold', limitPercent: 80 },
      { resource: 'metadata', why: 'threshold', limitPercent: 80 },
    ]);
  });
});
