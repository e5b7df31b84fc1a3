import { describe, expect, it } from 'vitest';
import { eventsAbout } from '../../../src/assemble/kernel.ts';
import type { DmDevice, Facts, KernelEvent } from '../../../src/model/facts.ts';
import { makeVolume } from '../../support/makers.ts';

const pool: DmDevice = { name: 'pool', device: '253:2', suspended: false, live: true };

function eventsOf(...kernelEvents: KernelEvent[]): KernelEvent[] {
  const facts: Facts = {
    devices: [],
    dependencies: [],
    tables: [],
    poolStatuses: [],
    volumeStatuses: [],
    logicalVolumes: [],
    volumeGroups: [],
    extendPolicies: [],
    dockerInfos: [],
    runningContainers: [],
    deviceUsers: [],
    daemons: [],
    blockDevices: [],
    fileSystems: [],
    retryPolicies: [],
    kernelSettings: [],
    kernelEvents,
    unreadable: [],
  };
  return eventsAbout(pool, [makeVolume('253:4')], facts);
}

describe('eventsAbout', () => {
  it('takes messages about the pool by number, and about file systems on its volumes by name', () => {
    const found = eventsOf(
      { kind: 'mode_fail', device: '253:2', count: 1, lastAt: 5 },
      { kind: 'mode_fail', device: '253:9', count: 1, lastAt: 5 },
      { kind: 'xfs_shutdown', kernelName: 'dm-4', count: 2, lastAt: 6 },
      { kind: 'xfs_shutdown', kernelName: 'dm-5', count: 2, lastAt: 6 },
      { kind: 'hung_task', count: 1, lastAt: 6 },
    );
    expect(found).toEqual([
      { kind: 'mode_fail', count: 1, lastAt: 5 },
      { kind: 'xfs_shutdown', count: 2, lastAt: 6 },
    ]);
  });

  it('keeps messages about a volume that is gone, and leaves those of another pool to it', () => {
    const found = eventsOf(
      { kind: 'xfs_shutdown', kernelName: 'dm-7', pool: '253:2', count: 1, lastAt: 5 },
      { kind: 'xfs_shutdown', kernelName: 'dm-4', pool: '253:9', count: 4, lastAt: 9 },
      { kind: 'xfs_shutdown', kernelName: 'dm-4', pool: '253:2', count: 2, lastAt: 7 },
    );
    expect(found).toEqual([{ kind: 'xfs_shutdown', count: 3, lastAt: 7 }]);
  });
});
