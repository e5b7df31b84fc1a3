import { describe, expect, it } from 'vitest';
import {
  type AssignedEvents,
  absenteesOf,
  assignEvents,
  type EventPool,
  type Suspect,
} from '../../../src/assemble/kernel.ts';
import type { DeviceNumber, DmDevice, DmTable, Facts, KernelEvent } from '../../../src/model/facts.ts';
import type { Pool, StackedDevice } from '../../../src/model/pool.ts';
import { makeFacts, makePool } from '../../support/makers.ts';

const nobody = { suspects: [], areNone: false };
const device = (name: string, number: DeviceNumber, more: Partial<DmDevice> = {}): DmDevice => ({
  name,
  device: number,
  suspended: false,
  live: true,
  ...more,
});
const table = (name: string, target: DmTable['target'], targetType: string = target.kind): DmTable => ({
  name,
  startSectors: 0,
  lengthSectors: 8,
  targetType,
  target,
});
const on = (name: string, targetType: string, ...devices: readonly DeviceNumber[]): DmTable =>
  table(name, { kind: 'other', devices }, targetType);
const volume = (name: string, poolDevice: DeviceNumber): DmTable =>
  table(name, { kind: 'volume', unreadable: false, poolDevice });
const stacked = (...numbers: readonly DeviceNumber[]): StackedDevice[] =>
  numbers.map((number, depth) => ({ resource: 'data', depth, device: number }));

/** Two pools: `253:2` on sda3, with the volume `253:4` and LUKS on it, `253:6`; `253:12` on md0, with `253:14`. */
const facts = makeFacts({
  devices: [
    device('vg-a_tdata', '253:1'),
    device('vg-a', '253:2'),
    device('vg-v', '253:4'),
    device('luks', '253:6'),
    device('vg-b', '253:12'),
    device('vg-w', '253:14'),
  ],
  tables: [volume('vg-v', '253:2'), on('luks', 'crypt', '253:4'), volume('vg-w', '253:12')],
  blockDevices: [
    { device: '9:0', name: 'md0', slaves: ['sdb1', 'sdc1'] },
    { device: '8:17', name: 'sdb1', parent: 'sdb', slaves: [] },
    { device: '8:33', name: 'sdc1', parent: 'sdc', slaves: [] },
  ],
});
const a: EventPool = { device: '253:2', stack: stacked('253:1', '8:3') };
const b: EventPool = { device: '253:12', stack: stacked('9:0', '8:17', '8:33') };

function assign(
  event: Partial<KernelEvent>,
  pools: readonly EventPool[] = [a, b],
  more: Partial<Facts> = {},
): AssignedEvents {
  const kernelEvents = [{ kind: 'block_error', count: 1, lastAt: 5, ...event }];
  return assignEvents(pools, { ...facts, ...more, kernelEvents }, nobody);
}

/** The pools that a message is given to, or `unassigned`, or no one. */
function ownersOf(...given: Parameters<typeof assign>): readonly string[] {
  const { byPool, unassigned } = assign(...given);
  return [...byPool.keys(), ...unassigned.map(() => 'unassigned')];
}

describe('assignEvents', () => {
  it.each([
    ['the pool itself', { device: '253:2', among: 'pools' }, ['253:2']],
    ['a volume', { kernelName: 'dm-4' }, ['253:2']],
    ['a volume, by its path', { kernelName: 'mapper/vg-v' }, ['253:2']],
    ['a volume, by its number', { kind: 'hung_task', device: '253:4' }, ['253:2']],
    ['what is made of a volume', { kernelName: 'dm-6' }, ['253:2']],
    ['the data device of a pool', { kernelName: 'dm-1' }, ['253:2']],
    ['the partition under a pool', { kernelName: 'sda3' }, ['253:2']],
    ['the disk under a pool', { kernelName: 'sda' }, ['253:2']],
    ['a path to it, by its number', { device: '8:0' }, ['253:2']],
    ['another partition of that disk', { kernelName: 'sda1' }, []],
    ['a RAID', { kernelName: 'md0' }, ['253:12']],
    ['a disk of a RAID', { kernelName: 'sdc' }, ['253:12']],
    ['another disk', { kernelName: 'sdd' }, []],
    ['a file system on another disk', { kind: 'xfs_shutdown', kernelName: 'sdd1' }, []],
    ['a pool that is not there', { device: '253:9', among: 'pools' }, ['unassigned']],
    ['one of two pools', { among: 'pools' }, ['unassigned']],
    ['no loop device under a pool', { among: 'loops' }, []],
    ['a task in storage, nobody knows where', { kind: 'hung_task' }, ['unassigned']],
    ['a task in a file system on another disk', { kind: 'hung_task', kernelName: 'sdd1' }, []],
    ['writeback of the disk under a pool', { kind: 'hung_task', device: '8:0' }, ['unassigned']],
    ['a thread of the RAID under a pool', { kind: 'hung_task', kernelName: 'md0' }, ['253:12']],
    ['any task', { kind: 'hung_task_any' }, []],
    ['lost records', { kind: 'records_lost' }, []],
    ['what is not judged', { kind: 'other_storage', device: '253:9', among: 'pools' }, []],
  ] as const)('about %s', (_, event, owners) => {
    expect(ownersOf(event)).toEqual(owners);
  });

  it('gives what can only be about one pool to it, and damage only to some pool', () => {
    const damage = { kind: 'metadata_damaged', among: 'pools' } as const;
    expect(ownersOf(damage, [a])).toEqual(['253:2']);
    expect(ownersOf(damage, [])).toEqual(['unassigned']);
    const cache = { devices: [...facts.devices, device('c', '253:30')], tables: [on('c', 'cache', '8:33')] };
    expect(ownersOf(damage, [a], cache)).toEqual(['unassigned']);
    expect(ownersOf(damage, [{ device: '253:2', stack: stacked('253:1', '253:30') }], cache)).toEqual([
      '253:2',
    ]);
  });

  it('gives what names no loop device, RAID or VDO volume to the only pool on one', () => {
    const looped: EventPool = { device: '253:2', stack: stacked('7:0') };
    expect(ownersOf({ among: 'loops' }, [looped, b])).toEqual(['253:2']);
    expect(ownersOf({ among: 'loops' }, [looped, { ...b, stack: stacked('7:1') }])).toEqual(['unassigned']);
    const below = { tables: [on('vg-a_tdata', 'vdo', '8:3')] };
    expect(ownersOf({ among: 'vdo' }, [a, b], below)).toEqual(['253:2']);
    expect(ownersOf({ among: 'raids' }, [a, b], below)).toEqual([]);
  });

  it('gives the errors of a disk to every pool on it', () => {
    expect(ownersOf({ kernelName: 'sda' }, [a, { ...b, stack: stacked('8:3') }])).toEqual([
      '253:2',
      '253:12',
    ]);
  });

  it('goes by the names of PVs where sysfs says nothing', () => {
    const pvs = (...pvNames: readonly string[]): EventPool => ({
      device: '253:2',
      stack: stacked('259:3'),
      volumeGroup: { vgName: 'vg', sizeBytes: 1, freeBytes: 1, extentBytes: 1, pvNames },
    });
    const nvme = { kernelName: 'nvme0n1' };
    expect(ownersOf(nvme, [pvs('/dev/nvme0n1p3')])).toEqual(['253:2']);
    expect(ownersOf({ kernelName: 'nvme0c1n1' }, [pvs('/dev/nvme0n1p3')])).toEqual(['253:2']);
    expect(ownersOf({ kernelName: 'nvme0' }, [pvs('/dev/nvme0n1p3')])).toEqual(['253:2']);
    expect(ownersOf(nvme, [pvs('/dev/vda2')])).toEqual([]);
    expect(ownersOf({ kernelName: 'vda' }, [pvs('/dev/vda2')])).toEqual(['253:2']);
    // Nothing says what the pool stands on: it may be this disk.
    expect(ownersOf(nvme, [pvs()])).toEqual(['unassigned']);
    expect(ownersOf({ kind: 'xfs_shutdown', kernelName: 'nvme0n1p1' }, [pvs()])).toEqual([]);
  });

  it('knows every disk of SCSI by its number', () => {
    const under = (number: DeviceNumber): EventPool => ({ device: '253:2', stack: stacked(number) });
    expect(ownersOf({ kernelName: 'sdq' }, [under('65:0')])).toEqual(['253:2']);
    expect(ownersOf({ kernelName: 'sdaa2' }, [under('65:162')])).toEqual(['253:2']);
    expect(ownersOf({ kernelName: 'loop3' }, [under('7:3')])).toEqual(['253:2']);
  });

  it('gives no message to a device that was made later', () => {
    const made = (createdAfter: number) => ({
      devices: facts.devices.map((one) => ({ ...one, createdAfter })),
    });
    expect(ownersOf({ kernelName: 'dm-4' }, [a, b], made(5))).toEqual(['253:2']);
    expect(ownersOf({ kernelName: 'dm-4' }, [a, b], made(6))).toEqual([]);
    expect(ownersOf({ kernelName: 'dm-4', driftMs: 1 }, [a, b], made(6))).toEqual(['253:2']);
    expect(ownersOf({ device: '253:2', among: 'pools' }, [a, b], made(6))).toEqual([]);
    expect(ownersOf({ device: '253:2', pool: '253:2' }, [a, b], made(6))).toEqual([]);
    // The number is that of something else than a pool by now.
    expect(ownersOf({ device: '253:6', among: 'pools' }, [a, b], made(6))).toEqual(['unassigned']);
  });

  it('keeps messages about a volume that is gone, and leaves those of another pool to it', () => {
    expect(ownersOf({ kernelName: 'dm-7', pool: '253:2' })).toEqual(['253:2']);
    expect(ownersOf({ kernelName: 'dm-4', pool: '253:12' })).toEqual(['253:12']);
    expect(ownersOf({ kernelName: 'dm-4', pool: '253:99' })).toEqual([]);
  });

  it('adds up by kind, with the devices as people know them', () => {
    const kernelEvents: KernelEvent[] = [
      { kind: 'xfs_shutdown', kernelName: 'dm-4', count: 1, lastAt: 9 },
      { kind: 'xfs_shutdown', kernelName: 'dm-6', count: 2, lastAt: 6, driftMs: 7 },
      { kind: 'mode_fail', device: '253:2', among: 'pools', count: 1, lastAt: 5 },
    ];
    const { byPool } = assignEvents([a, b], { ...facts, kernelEvents }, nobody);
    expect(byPool.get('253:2')).toEqual([
      { kind: 'mode_fail', count: 1, lastAt: 5, devices: [] },
      { kind: 'xfs_shutdown', count: 3, lastAt: 9, devices: ['dm-4 (vg-v)', 'dm-6 (luks)'] },
    ]);
  });

  it('counts a write that was lost below a pool as an error of a device', () => {
    const { byPool } = assign({ kind: 'lost_write', kernelName: 'sda3' });
    expect(byPool.get('253:2')).toEqual([{ kind: 'buffer_error', count: 1, lastAt: 5, devices: ['sda3'] }]);
  });

  it('gives a message about a pool of a pool to both', () => {
    const nested: EventPool = { device: '253:20', stack: stacked('253:4') };
    expect(ownersOf({ kernelName: 'dm-4' }, [a, nested])).toEqual(['253:2', '253:20']);
  });
});

describe('assignEvents with pools that are not active', () => {
  const ownersWith = (event: Partial<KernelEvent>, pools: readonly EventPool[], ...suspects: Suspect[]) => {
    const kernelEvents = [
      { kind: 'device_too_small', count: 1, lastAt: 5, among: 'pools', ...event } as const,
    ];
    const { byPool, bySuspect, unassigned } = assignEvents(
      pools,
      { ...facts, kernelEvents },
      { suspects, areNone: false },
    );
    return [...byPool.keys(), ...bySuspect.keys(), ...unassigned.map(() => 'unassigned')];
  };
  const one: Suspect = { name: 'pve-data' };
  const other: Suspect = { name: 'pve-fast' };

  it.each([
    ['a number that nobody has', { device: '253:9' }, ['pve-data']],
    ['a number that a volume has now', { device: '253:4' }, ['pve-data']],
    [
      'the same, after it was given to the pool of that volume',
      { device: '253:4', pool: '253:2' },
      ['pve-data'],
    ],
    ['the number of a pool that is there', { device: '253:2' }, ['253:2']],
    [
      'the number of a pool that was deactivated to be checked',
      { kind: 'metadata_operation_failed', device: '253:9' },
      ['pve-data'],
    ],
    ['no number, while it may be about a pool that is there', { kind: 'metadata_damaged' }, ['unassigned']],
    ['something else', { kind: 'message_refused', device: '253:9' }, ['unassigned']],
  ] as const)('gives a message with %s', (_, event, owners) => {
    expect(ownersWith(event, [a], one)).toEqual(owners);
  });

  it('gives damage to the pool where no other is there', () => {
    expect(ownersWith({ kind: 'metadata_damaged' }, [], one)).toEqual(['pve-data']);
  });

  it('gives nothing where it may be about several, or is older than the pool', () => {
    expect(ownersWith({ device: '253:9' }, [a], one, other)).toEqual(['unassigned']);
    const lvm = { vgName: 'pve', lvName: 'data', role: 'pool', createdAt: 6 } as const;
    expect(ownersWith({ device: '253:9' }, [a], { ...one, lvm })).toEqual(['unassigned']);
    expect(ownersWith({ device: '253:9', driftMs: 1 }, [a], { ...one, lvm })).toEqual(['pve-data']);
  });

  it('suspects pools that should be active, while all that are active are seen', () => {
    const { device, table: _, lengthSectors, ...rest } = makePool();
    const inactive = { ...rest, presence: 'inactive' } as const;
    const lvm = { vgName: 'pve', lvName: 'data', role: 'pool', autoactivated: false } as const;
    const among = (...pools: readonly Pool[]) => absenteesOf(pools, true).suspects;
    expect(among(inactive, { ...inactive, lvm })).toEqual([inactive]);
    expect(among(inactive, { ...inactive, presence: 'unseen' })).toEqual([]);
  });

  it('drops what a pool said that is gone, while every pool that is reported is active', () => {
    const left = (kind: string, pools: readonly Pool[], discovered = true) => {
      const kernelEvents: KernelEvent[] = [{ kind, count: 1, lastAt: 5, among: 'pools', device: '253:9' }];
      return assignEvents([a], { ...facts, kernelEvents }, absenteesOf(pools, discovered)).unassigned.length;
    };
    const { device: _device, table: _table, lengthSectors: _, ...rest } = makePool();
    const stopped = {
      ...rest,
      presence: 'inactive',
      lvm: { vgName: 'pve', lvName: 'data', role: 'pool', autoactivated: false },
    } as const;
    for (const kind of [
      'metadata_operation_failed',
      'metadata_abort_failed',
      'needs_check_not_set',
      'mode_fail',
    ]) {
      expect(left(kind, [])).toBe(0);
      expect(left(kind, [stopped])).toBe(1);
      expect(left(kind, [], false)).toBe(1);
    }
    for (const kind of ['activation_failed', 'device_too_small', 'metadata_damaged'])
      expect(left(kind, [])).toBe(1);
  });

  it('drops a failed activation once LVM has activated a pool after it', () => {
    const group = { vgName: 'vg', sizeBytes: 8, freeBytes: 0, extentBytes: 1, pvNames: [] };
    const left = (createdAfter: number, pools: readonly EventPool[], kind = 'activation_failed') => {
      const kernelEvents: KernelEvent[] = [{ kind, count: 1, lastAt: 5, among: 'pools', device: '253:9' }];
      const devices = [device('vg-a', '253:2', { createdAfter }), device('vg-b', '253:12')];
      const { unassigned } = assignEvents(pools, { ...facts, devices, kernelEvents }, absenteesOf([], true));
      return unassigned.length;
    };
    const ofLvm = { ...a, volumeGroup: group };
    expect(left(6, [ofLvm, { ...b, volumeGroup: group }])).toBe(0);
    expect(left(6, [ofLvm], 'device_too_small')).toBe(0);
    expect(left(6, [ofLvm], 'metadata_damaged')).toBe(1);
    expect(left(4, [ofLvm])).toBe(1);
    // A pool that LVM does not manage may be the one that failed.
    expect(left(6, [ofLvm, b])).toBe(1);
    expect(left(6, [])).toBe(1);
  });
});
