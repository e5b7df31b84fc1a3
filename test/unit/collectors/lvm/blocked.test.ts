import { describe, expect, test } from 'vitest';
import { decideBlocked } from '../../../../src/collectors/lvm/blocked.ts';
import type { VolumeGroup } from '../../../../src/model/facts.ts';
import type { Host } from '../../../../src/model/host.ts';
import type { Pool } from '../../../../src/model/pool.ts';
import { emptyHost, recipePool } from '../../../support/host.ts';
import { makeCollector } from '../../../support/makers.ts';

const group = (vgName: string, ...pvNames: string[]): VolumeGroup => ({
  vgName,
  sizeBytes: 1,
  freeBytes: 1,
  extentBytes: 1,
  pvNames,
});
const docker = group('docker', '/dev/sdb');
const data = group('data', '/dev/sdd1', '/dev/mapper/mpath.a+b');
const root = group('root', '/dev/sda2');
const suspended: Pool = { ...recipePool, suspended: true };
const { vgName: _vg, lvName: _lv, ...foreign } = suspended;
const host = (pools: readonly Pool[], volumeGroups: readonly VolumeGroup[]): Host => ({
  ...emptyHost,
  pools,
  volumeGroups,
});

/** The VGs that may be queried on their own. */
const free = (host: Host) =>
  decideBlocked(host)
    .groups.filter(({ blockedBy }) => blockedBy === undefined)
    .map(({ vgName }) => vgName);

test('without a sick pool LVM may be queried about everything', () => {
  expect(decideBlocked(emptyHost)).toEqual({ groups: [] });
  expect(decideBlocked(host([recipePool], [docker]))).toEqual({
    groups: [{ vgName: 'docker', pvNames: ['/dev/sdb'] }],
  });
});

test('a VG of the same name as that of a sick pool is another one where the UUIDs say so', () => {
  const [own, other] = ['o'.repeat(32), 't'.repeat(32)];
  const sick: Pool = { ...suspended, uuid: `LVM-${own}${'l'.repeat(32)}-tpool` };
  const twins = [own, other].map((vgUuid) => ({ ...docker, vgUuid: vgUuid! }));
  const holds = decideBlocked(host([sick], twins)).groups.map(({ blockedBy }) => blockedBy);
  expect(holds).toEqual(['pool docker-thinpool is suspended', undefined]);
});

describe('LVM is left alone', () => {
  test.each([
    [
      'before the pools are known',
      {
        ...emptyHost,
        discovered: false,
        collectors: [makeCollector({ discovers: true, status: 'pending' })],
      },
      'the pools of this host are not known yet',
    ],
    ['about its only VG', host([suspended], [docker]), 'pool docker-thinpool is suspended'],
    ['when no VG is known any more', host([suspended], []), 'no other volume group is known'],
  ])('%s', (_, host, why) => {
    expect(decideBlocked(host).blockedBy).toContain(why);
    expect(free(host)).toEqual([]);
  });

  test('before a pool was read, or when its status is lost', () => {
    const { state: _state, ...unread } = recipePool;
    const { blockedBy } = decideBlocked(host([unread], [docker]));
    expect(blockedBy).toContain('the status of pool docker-thinpool is unknown, and no other volume group');
    expect(free(host([unread], [docker, root]))).toEqual(['root']);
  });
});

describe('next to a sick pool only VGs on other devices are queried', () => {
  test('each by exactly its PVs, and the sick one says why not', () => {
    const pools = [suspended, { ...recipePool, vgName: 'data' }];
    expect(decideBlocked(host(pools, [root, docker, data]))).toEqual({
      blockedBy: 'LVM queries every device-mapper device, and pool docker-thinpool is suspended',
      groups: [
        { vgName: 'root', pvNames: ['/dev/sda2'] },
        { vgName: 'docker', pvNames: ['/dev/sdb'], blockedBy: 'pool docker-thinpool is suspended' },
        { vgName: 'data', pvNames: ['/dev/sdd1', '/dev/mapper/mpath.a+b'] },
      ],
    });
  });

  test('all of them where the pool is not LVM’s', () => {
    expect(free(host([foreign], [docker, root]))).toEqual(['docker', 'root']);
  });

  test('none that the pool lies on', () => {
    const stack = [{ resource: 'data', depth: 0, device: '253:1', name: 'docker-thin--data' } as const];
    expect(free(host([{ ...foreign, stack }], [docker, root]))).toEqual(['root']);
  });

  test.each(['/dev/mapper/docker-disk', '/dev/docker/disk'])('none that lies on the pool: %s', (pv) => {
    const volume = { name: 'docker-disk', device: '253:5', suspended: false, sizeBytes: 1 } as const;
    const pool = { ...suspended, volumes: [volume] };
    expect(free(host([pool], [docker, group('nested', pv), root]))).toEqual(['root']);
  });

  test.each([
    group('-rf', '/dev/sdc'),
    group('a b', '/dev/sdc'),
    group('odd', '/dev/mapper/a\\x7cb'),
    group('odd', '/dev/a"|b'),
    group('odd', 'sdc'),
    group('bare'),
  ])('none whose names could mean something else: %j', (odd) => {
    expect(free(host([suspended], [odd, root]))).toEqual(['root']);
    expect(decideBlocked(host([recipePool], [odd]))).toEqual({ groups: [] });
  });
});
