import { expect, test } from 'vitest';
import type { LogicalVolume } from '../../../src/model/facts.ts';
import { sourceOf, sourcesOf } from '../../../src/thinpool/snapshots.ts';

const lv = (lvName: string, more: Partial<LogicalVolume> = {}): LogicalVolume => ({
  ...{ vgName: 'pve', lvName, role: 'volume', poolLv: 'data', ...more },
});
const listed = [
  lv('vm-100-disk-0', { createdAt: 5000 }),
  lv('snap_vm-100-disk-0_before', { origin: 'vm-100-disk-0', createdAt: 7000 }),
  lv('old'),
  lv('vm-100-disk-0', { vgName: 'other', origin: 'x' }),
  lv('data', { role: 'pool' }),
];

test('a volume is a snapshot of what LVM says, in its own VG', () => {
  const sources = sourcesOf({ vgName: 'pve' }, listed);
  expect([...sources.keys()]).toEqual(['vm-100-disk-0', 'snap_vm-100-disk-0_before', 'old']);
  expect(sourceOf({ lvName: 'vm-100-disk-0' }, sources)).toEqual({ createdAt: 5000 });
  expect(sourceOf({ lvName: 'snap_vm-100-disk-0_before' }, sources)).toEqual({
    snapshotOf: 'vm-100-disk-0',
    createdAt: 7000,
  });
  expect(sourceOf({ lvName: 'old' }, sources)).toEqual({});
});

test('nothing is known of a volume or pool that is not of LVM', () => {
  expect(sourcesOf({}, listed).size).toBe(0);
  expect(sourceOf({}, sourcesOf({ vgName: 'pve' }, listed))).toEqual({});
});
