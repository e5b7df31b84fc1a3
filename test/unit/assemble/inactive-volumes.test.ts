import { expect, test } from 'vitest';
import { withInactiveVolumes } from '../../../src/assemble/inactive-volumes.ts';
import type { DmDevice, Facts, LogicalVolume } from '../../../src/model/facts.ts';
import { makePool } from '../../support/makers.ts';

const vgUuid = 'X'.repeat(32);
const uuidOf = (letter: string) => letter.repeat(32);
const volume = (letter: string, parts: Partial<LogicalVolume> = {}): LogicalVolume => ({
  vgName: 'vg',
  vgUuid,
  lvName: `volume-${letter}`,
  lvUuid: uuidOf(letter),
  role: 'volume',
  poolLv: 'pool',
  sizeBytes: 100,
  ...parts,
});
const device = (name: string, uuid?: string): DmDevice => ({
  name,
  device: '253:9',
  suspended: false,
  live: true,
  ...(uuid === undefined ? {} : { uuid }),
});
const lvm: LogicalVolume = { vgName: 'vg', vgUuid, lvName: 'pool', role: 'pool' };
const pool = makePool({ lvm, provisionedBytes: 50 });

function countOf(facts: Pick<Facts, 'devices' | 'logicalVolumes'>, of = pool) {
  const [joined] = withInactiveVolumes([of], facts as Facts);
  return [joined?.inactiveVolumeCount, joined?.provisionedBytes];
}

test('volumes without a device are provisioned as well', () => {
  expect(countOf({ devices: [], logicalVolumes: [lvm, volume('a'), volume('b')] })).toEqual([2, 250]);
});

test('one with a device is counted there, whatever it is called', () => {
  const devices = [device('other', `LVM-${vgUuid}${uuidOf('a')}`)];
  expect(countOf({ devices, logicalVolumes: [volume('a'), volume('b')] })).toEqual([1, 150]);
});

test('without UUIDs names decide', () => {
  const { lvUuid: _, ...named } = volume('a');
  expect(countOf({ devices: [device('vg-volume--a')], logicalVolumes: [named] })).toEqual([0, 50]);
  expect(countOf({ devices: [], logicalVolumes: [named] })).toEqual([1, 150]);
});

test('those of other pools and VGs are not its own', () => {
  const others = [volume('a', { poolLv: 'other' }), volume('b', { vgUuid: 'Y'.repeat(32) })];
  expect(countOf({ devices: [], logicalVolumes: others })).toEqual([0, 50]);
});
