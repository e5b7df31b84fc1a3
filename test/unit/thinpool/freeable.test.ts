import { describe, expect, it } from 'vitest';
import type { LogicalVolume } from '../../../src/model/facts.ts';
import type { Pool, Volume } from '../../../src/model/pool.ts';
import { freeableIn } from '../../../src/thinpool/freeable.ts';
import { makePool, makeSpace, makeVolume } from '../../support/makers.ts';

const block = 64 * 1024;
const noMounts = { volumeMounts: [], volumeUsages: [] };

function volume(lvName: string, blocks: number | undefined): Volume {
  const { mappedBytes: _, ...rest } = makeVolume('253:9');
  const name = `vg-${lvName}`;
  return { ...rest, name, lvName, ...(blocks !== undefined && { mappedBytes: blocks * block }) };
}

function lv(lvName: string, parts: Partial<LogicalVolume> = {}): LogicalVolume {
  return { vgName: 'vg', lvName, role: 'volume', poolLv: 'pool', ...parts };
}

/** A pool of LVM with these volumes, all active. */
function lvmPool(usedBlocks: number, volumes: readonly Volume[], parts: Partial<Pool> = {}): Pool {
  return {
    ...makePool({ vgName: 'vg', lvName: 'pool', data: makeSpace(usedBlocks, 1000, block) }),
    lvm: { vgName: 'vg', lvName: 'pool', role: 'pool', thinCount: volumes.length },
    volumes,
    volumeCount: volumes.length,
    inactiveVolumeCount: 0,
    ...parts,
  };
}

const found = (pool: Pool, logicalVolumes: readonly LogicalVolume[] = []) =>
  freeableIn(pool, { ...noMounts, logicalVolumes, nameRecords: [] }).map(({ name, kind, bytes, bound }) => [
    name,
    kind,
    bytes === undefined ? undefined : bytes / block,
    bound,
  ]);

describe('exactness', () => {
  it('is exact where the volumes together map what is used', () => {
    expect(found(lvmPool(50, [volume('a', 20), volume('b', 30)]))).toEqual([
      ['vg-b', 'volume', 30, 'exact'],
      ['vg-a', 'volume', 20, 'exact'],
    ]);
  });

  it('is what was measured where blocks are shared', () => {
    const uuid = 'LVM-abc-tpool';
    const volumes = [
      { ...volume('a', 20), deviceId: 1 },
      { ...volume('b', 30), deviceId: 2 },
      { ...volume('c', 10), deviceId: 3 },
      { ...volume('new', 5), deviceId: 4 },
    ];
    const space = {
      ...({ dmName: 'x', uuid, device: '253:2', bootId: 'b', takenAt: 5000, blockBytes: block } as const),
      volumes: [
        { deviceId: 1, mappedBlocks: 20, exclusiveBlocks: 15 },
        { deviceId: 2, mappedBlocks: 30, exclusiveBlocks: 7 },
        { deviceId: 3, mappedBlocks: 10, exclusiveBlocks: 0 },
      ],
    };
    const exclusive = { spaces: [space], outcomes: [] };
    const pool = { ...lvmPool(49, volumes), uuid };
    const items = freeableIn(pool, { logicalVolumes: [], nameRecords: [], ...noMounts, exclusive });
    expect(
      items.map(({ name, bytes = 0, bound, measuredAt }) => [name, bytes / block, bound, measuredAt]),
    ).toEqual([
      ['vg-a', 15, 'exact', 5000],
      ['vg-b', 7, 'exact', 5000],
      ['vg-new', 5, 'at_most', undefined],
    ]);
    // Without shared blocks what is mapped now is exact, and newer.
    const [first] = freeableIn(
      { ...lvmPool(65, volumes), uuid },
      { logicalVolumes: [], nameRecords: [], ...noMounts, exclusive },
    );
    expect(first).toMatchObject({ name: 'vg-b', bytes: 30 * block, bound: 'exact' });
    expect(first).not.toHaveProperty('measuredAt');
  });

  it('is what was measured of a snapshot that is not active', () => {
    const uuid = 'LVM-abc-tpool';
    const volumes = [{ deviceId: 7, mappedBlocks: 20, exclusiveBlocks: 6 }];
    const space = {
      dmName: 'x',
      uuid,
      device: '253:2',
      bootId: 'b',
      takenAt: 5000,
      blockBytes: block,
    } as const;
    const pool = { ...lvmPool(50, [volume('a', 20)], { inactiveVolumeCount: 2 }), uuid };
    const logicalVolumes = [
      lv('snap', { active: false, deviceId: 7, createdAt: 4000 }),
      lv('newer', { active: false, deviceId: 7, createdAt: 6000, sizeBytes: 9 * block }),
    ];
    const exclusive = { spaces: [{ ...space, volumes }], outcomes: [] };
    const items = freeableIn(pool, { logicalVolumes, nameRecords: [], ...noMounts, exclusive });
    expect(items.map(({ name, bytes = 0, bound }) => [name, bytes / block, bound])).toEqual([
      [pool.name, 30, 'at_least'],
      ['vg-a', 20, 'at_most'],
      ['vg/newer', 9, 'at_most'],
      ['vg/snap', 6, 'exact'],
    ]);
  });

  it.each([
    ['blocks are shared', lvmPool(49, [volume('a', 20), volume('b', 30)])],
    [
      'LVM counts more volumes',
      lvmPool(50, [volume('a', 20), volume('b', 30)], {
        lvm: { vgName: 'vg', lvName: 'pool', role: 'pool', thinCount: 3 },
      }),
    ],
    ['LVM says nothing', lvmPool(50, [volume('a', 20), volume('b', 30)], { lvm: undefined as never })],
    ['not all are listed', lvmPool(50, [volume('a', 20), volume('b', 30)], { volumeCount: 3 })],
  ])('is an upper bound where %s', (_, pool) => {
    expect(found(pool).map(([, , , bound]) => bound)).toEqual(['at_most', 'at_most']);
  });

  it('is unknown, and last, where the mapping of a volume is', () => {
    expect(found(lvmPool(50, [volume('a', undefined), volume('b', 30)]))).toEqual([
      ['vg-b', 'volume', 30, 'at_most'],
      ['vg-a', 'volume', undefined, undefined],
    ]);
  });
});

describe('order', () => {
  it('has the oldest snapshot first among equals, and leaves out what frees nothing', () => {
    const pool = lvmPool(60, [volume('disk', 20), volume('new', 20), volume('old', 20), volume('empty', 0)]);
    const listed = [
      lv('disk', { createdAt: 1 }),
      lv('new', { origin: 'disk', createdAt: 30 }),
      lv('old', { origin: 'disk', createdAt: 20 }),
      lv('empty'),
    ];
    expect(found(pool, listed).map(([name]) => name)).toEqual(['vg-old', 'vg-new', 'vg-disk']);
  });
});

describe('volumes that are not active', () => {
  const active = [volume('disk', 30)];
  const inactive = [lv('disk'), lv('snap', { origin: 'disk', sizeBytes: 90 * block })];

  it('free at most their size, and what is used beyond the largest active volume', () => {
    const pool = lvmPool(50, active, { inactiveVolumeCount: 1 });
    expect(found(pool, inactive)).toEqual([
      ['vg-disk', 'volume', 30, 'at_most'],
      ['vg/snap', 'snapshot', 20, 'at_most'],
      [pool.name, 'unattributed', 20, 'at_least'],
    ]);
    const small = [lv('disk'), lv('snap', { origin: 'disk', sizeBytes: 5 * block })];
    expect(found(pool, small)).toContainEqual(['vg/snap', 'snapshot', 5, 'at_most']);
  });

  it('are those of the pool alone', () => {
    const pool = lvmPool(50, active, { inactiveVolumeCount: 1 });
    const others = [lv('other', { poolLv: 'pool2' }), lv('elsewhere', { vgName: 'vg2' })];
    expect(found(pool, others).map(([name]) => name)).toEqual(['vg-disk', pool.name]);
  });

  it('are known by LVM alone where not all active ones are listed', () => {
    const pool = lvmPool(50, active, { inactiveVolumeCount: 1, volumeCount: 2 });
    const listed = [
      lv('disk', { active: true }),
      lv('unlisted', { active: true, sizeBytes: block }),
      lv('off', { active: false, sizeBytes: block }),
    ];
    expect(found(pool, listed).map(([name]) => name)).toEqual(['vg-disk', 'vg/off']);
  });
});

it('leaves out the base device of Docker, which is under every image', () => {
  const base = { ...volume('base', 30), knownAs: { kind: 'docker-image', name: 'base' } as const };
  expect(found(lvmPool(30, [base]))).toEqual([]);
});

describe('the trim of a mounted file system', () => {
  const home = volume('home', 100);
  const { name, device } = home;
  const usage = { name, device, sizeBytes: home.sizeBytes, usedBytes: 40 * block, mappedBytes: 100 * block };
  const trimsIn = (pool: Pool, parts: Partial<typeof usage> = {}) =>
    freeableIn(pool, {
      logicalVolumes: [],
      nameRecords: [],
      volumeMounts: [{ name, device, mountPoint: '/home', source: '/dev/mapper/vg-home' }],
      volumeUsages: [{ ...usage, ...parts }],
    }).map(({ kind, bytes, bound, mountPoint }) => [kind, bytes && bytes / block, bound, mountPoint]);

  it('is beside the removal of the volume, which frees more', () => {
    expect(trimsIn(lvmPool(100, [home]))).toEqual([
      ['volume', 100, 'exact', '/home'],
      ['trim', 60, 'at_most', '/home'],
    ]);
  });

  it('is before it where both free as much', () => {
    expect(trimsIn(lvmPool(100, [home]), { usedBytes: 0 }).map(([kind]) => kind)).toEqual(['trim', 'volume']);
  });

  it('is left out where it frees nothing, or the pool ignores discards', () => {
    expect(trimsIn(lvmPool(100, [home]), { usedBytes: 100 * block })).toHaveLength(1);
    const own = { usedBytes: 90 * block, sizeBytes: home.sizeBytes - 20 * block };
    expect(trimsIn(lvmPool(100, [home]), own)).toHaveLength(1);
    const counters = { ...makePool().counters!, discard: 'ignore_discard' as const };
    expect(trimsIn(lvmPool(100, [home], { counters }))).toHaveLength(1);
  });
});
