import { expect, test } from 'vitest';
import { joinLvm } from '../../../src/assemble/lvm.ts';
import type { Daemon, Facts, LogicalVolume } from '../../../src/model/facts.ts';

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

function monitoredOf(said: boolean, daemons: readonly Daemon[]): boolean | undefined {
  const facts = {
    ...{ devices: [], dependencies: [], tables: [], poolStatuses: [], volumeStatuses: [], volumeGroups: [] },
    ...{ extendPolicies: [], dockerInfos: [], blockDevices: [], fileSystems: [], retryPolicies: [] },
    ...{ kernelSettings: [], kernelEvents: [], runningContainers: [], deviceUsers: [] },
    logicalVolumes: [{ ...volume, monitored: said }],
    daemons,
  } satisfies Facts;
  return joinLvm(device, { lengthSectors: 800 }, facts).lvm?.monitored;
}

test.each<[string, boolean, readonly Daemon[], boolean | undefined]>([
  ['dmeventd is awake', true, [dmeventd], true],
  ['nothing is known of dmeventd', true, [], true],
  ['another daemon is not', true, [dmeventd, { ...dmeventd, name: 'other', running: false }], true],
  ['dmeventd does not run', true, [{ ...dmeventd, running: false }], undefined],
  ['dmeventd is frozen', true, [{ ...dmeventd, frozen: true }], undefined],
  ['it was not monitored anyway', false, [{ ...dmeventd, frozen: true }], false],
])("LVM's word of monitoring while %s", (_, said, daemons, monitored) => {
  expect(monitoredOf(said, daemons)).toBe(monitored);
});
