import { expect, test } from 'vitest';
import { joinLvm } from '../../../src/assemble/lvm.ts';
import type { Daemon, LogicalVolume } from '../../../src/model/facts.ts';
import { makeFacts } from '../../support/makers.ts';

const [vgUuid, lvUuid] = ['v'.repeat(32), 'l'.repeat(32)];
const device = {
  name: 'vg-pool-tpool',
  uuid: `LVM-${vgUuid}${lvUuid}-tpool`,
  device: '254:2',
  suspended: false,
  live: true,
} as const;
const volume: LogicalVolume = { vgName: 'vg', lvName: 'pool', vgUuid, lvUuid, role: 'pool' };
const dmeventd: Daemon = { name: 'dmeventd', running: true, frozen: false };

function monitoredOf(reported: boolean, daemons: readonly Daemon[]): boolean | undefined {
  const facts = makeFacts({ logicalVolumes: [{ ...volume, monitored: reported }], daemons });
  return joinLvm(device, { lengthSectors: 800 }, facts).lvm?.monitored;
}

test.each<[string, boolean, readonly Daemon[], boolean | undefined]>([
  ['dmeventd is awake', true, [dmeventd], true],
  ['nothing is known of dmeventd', true, [], true],
  ['another daemon is not', true, [dmeventd, { ...dmeventd, name: 'other', running: false }], true],
  ['dmeventd does not run', true, [{ ...dmeventd, running: false }], undefined],
  ['dmeventd is frozen', true, [{ ...dmeventd, frozen: true }], undefined],
  ['it was not monitored anyway', false, [{ ...dmeventd, frozen: true }], false],
])("LVM's report of monitoring while %s", (_, reported, daemons, monitored) => {
  expect(monitoredOf(reported, daemons)).toBe(monitored);
});

function spareOf(...others: readonly LogicalVolume[]) {
  const facts = makeFacts({ logicalVolumes: [volume, ...others] });
  return joinLvm(device, { lengthSectors: 800 }, facts).spare;
}

test('the spare of the VG is known where LVM lists what it hides', () => {
  const hidden = (lvName: string, sizeBytes: number): LogicalVolume => ({
    ...{ vgName: 'vg', vgUuid, lvName, role: 'other', sizeBytes },
  });
  const metadata = hidden('pool_tmeta', 8);
  const other: LogicalVolume = { ...volume, lvName: 'other', lvUuid: 'o'.repeat(32), metadataSizeBytes: 5 };
  expect(spareOf()).toBeUndefined();
  expect(spareOf(hidden('lvol0_pmspare', 8))).toBeUndefined();
  expect(spareOf(metadata)).toEqual({ sizeBytes: 0, largestOtherBytes: 0 });
  expect(spareOf(metadata, hidden('lvol0_pmspare', 8), other)).toEqual({
    sizeBytes: 8,
    largestOtherBytes: 5,
  });
  const elsewhere = { ...hidden('lvol0_pmspare', 8), vgUuid: 'w'.repeat(32) };
  expect(spareOf(metadata, elsewhere)).toEqual({ sizeBytes: 0, largestOtherBytes: 0 });
});
