import { describe, expect, test } from 'vitest';
import type { EventSum, Owner, Pool } from '../../../src/model/pool.ts';
import {
  adviseStorage,
  checkMetadata,
  removeUnneeded,
  repairMetadata,
  stratisUuid,
} from '../../../src/rules/remedies.ts';
import { makePool } from '../../support/makers.ts';
import { lvmPool } from './each-code.ts';

const uuid = '8d86f3f68666490b99b0b5c6a5fc7986';
const stratis = makePool({ owner: 'stratis', dmName: `stratis-1-private-${uuid}-thinpool-pool` });
const docker = makePool({ owner: 'docker', dmName: 'docker-253:1-77-pool', stack: [] });
const lvmWords = /lvchange|lvconvert|lvextend|lvremove|vgextend|pvmove|VG\b/;

describe('metadata that has to be checked', () => {
  test('is checked by LVM when it activates its pool', () => {
    expect(checkMetadata(lvmPool())).toBe(
      '`lvchange -an vg0/data`, then `lvchange -ay vg0/data`, which runs thin_check; if that fails, `lvconvert --repair vg0/data`',
    );
    expect(repairMetadata(lvmPool())).toContain('`lvconvert --repair vg0/data`');
  });

  test('is checked by Stratis when it starts its pool', () => {
    expect(stratisUuid(stratis)).toBe(uuid);
    for (const words of [checkMetadata(stratis), repairMetadata(stratis)]) {
      expect(words).toContain(
        `\`stratis pool stop --uuid ${uuid}\`, then \`stratis pool start --uuid ${uuid}\``,
      );
      expect(words).not.toMatch(lvmWords);
    }
  });

  test.each([
    [{ name: 'loop1', backingFile: '/var/lib/docker/metadata' }, '/var/lib/docker/metadata'],
    [{ name: 'sdb1' }, '/dev/sdb1'],
    [{ name: 'vg-meta' }, '/dev/mapper/vg-meta'],
  ])('is checked where it is, if no tool manages the pool: %j', (device, place) => {
    const pool = {
      ...docker,
      stack: [{ resource: 'metadata', depth: 0, device: '7:1', ...device } as const],
    };
    expect(checkMetadata(pool)).toBe(
      `\`dmsetup remove docker-253:1-77-pool\`, then thin_check on its metadata ${place}, and thin_repair if that finds damage (docs/runbooks/repair-metadata.md)`,
    );
    expect(repairMetadata(pool)).toContain(`repair its metadata ${place} with thin_repair`);
    expect(repairMetadata(pool)).not.toMatch(lvmWords);
  });
});

test.each<[string, Partial<Pool> & { readonly owner: Owner }, string]>([
  ['Docker', { owner: 'docker' }, '`docker image prune -a`'],
  [
    'Docker on LVM',
    {
      owner: 'lvm',
      dockerInfo: { kind: 'docker', driver: 'devicemapper', poolUnreadable: false, loopback: false },
    },
    '`docker image prune -a`',
  ],
  ['podman', { owner: 'containers-storage' }, '`podman image prune -a`'],
  ['containerd', { owner: 'containerd' }, '`crictl rmi --prune`'],
  ['Stratis', { owner: 'stratis' }, '`stratis filesystem destroy`'],
  ['LVM', { owner: 'lvm' }, '`lvremove`'],
  ['nobody that is known', { owner: 'other' }, 'snapshots and volumes'],
])('what %s can do without is removed by its own commands', (_, parts, words) => {
  expect(removeUnneeded(makePool(parts))).toContain(words);
});

describe('errors of the storage', () => {
  const event = (kind: string, ...devices: string[]): EventSum => ({ kind, devices, count: 1, lastAt: 0 });
  const volumeGroup = {
    ...{ vgName: 'vg0', sizeBytes: 1, freeBytes: 0, extentBytes: 1 },
    pvNames: ['/dev/sda3', '/dev/sdaa1', '/dev/nvme10n1p2', '/dev/nvme1n1p2'],
  };
  const adviceOf = (...kernelEvents: EventSum[]) =>
    adviseStorage({ ...lvmPool({ volumeGroup }), kernelEvents });

  test.each([
    ['sda', '/dev/sda3'],
    ['nvme1n1', '/dev/nvme1n1p2'],
    ['nvme1', '/dev/nvme1n1p2'],
    ['sdz', '/dev/BAD'],
  ])('of %s name it and its PV', (disk, pv) => {
    expect(adviceOf(event('block_error', disk))).toContain(`\`smartctl -a /dev/${disk}\``);
    expect(adviceOf(event('disk_error', disk))).toContain(`\`pvmove ${pv} /dev/NEW\``);
  });

  test('of a RAID are repaired, of a loop file need room, and of nothing else', () => {
    expect(adviceOf(event('raid_disk_failed', 'dm-2'))).toContain('`lvconvert --repair vg0/data_tdata`');
    expect(adviceOf(event('block_error', 'sda'))).not.toContain('lvconvert');
    const loop = adviceOf(event('loop_write_error'), event('block_error', 'loop0'), event('low_water_data'));
    expect(loop).toBe('Free space in the file system that holds the loop file (`losetup --list`, `df`).');
    expect(adviceOf(event('loop_write_error'), event('disk_error', 'sda'))).toMatch(/^Free space.*smartctl/);
  });

  test('of a pool without LVM have none of its commands', () => {
    expect(adviseStorage({ ...docker, kernelEvents: [event('block_error', 'sdb')] })).not.toMatch(lvmWords);
  });
});
