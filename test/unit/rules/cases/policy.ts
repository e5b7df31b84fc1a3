import type { LogicalVolume } from '../../../../src/model/facts.ts';
import type { Autoextend, Pool } from '../../../../src/model/pool.ts';
import { planAutoextend } from '../../../../src/thinpool/autoextend.ts';
import { recipePool } from '../../../support/host.ts';
import { makeHost, makePool, makeSpace } from '../../../support/makers.ts';
import { type CodeCases, hostWith } from '../each-code.ts';

const MiB = 1024 ** 2;
const policy = { thresholdPercent: 80, stepPercent: 20, monitoring: true };
export const autoextend: Autoextend = { thresholdPercent: 80, stepPercent: 20, enabled: true, steps: [] };
const off: Autoextend = { ...autoextend, thresholdPercent: 100, enabled: false };
export const withRoom = (shortfallBytes: number): Autoextend => ({
  ...autoextend,
  steps: [{ resource: 'data', stepBytes: 320 * MiB, neededBytes: 320 * MiB, shortfallBytes }],
});

export const lvm: LogicalVolume = {
  vgName: 'vg0',
  lvName: 'data',
  role: 'pool',
  thinCount: 1,
  monitored: true,
};
const docker = { kind: 'docker', driver: 'devicemapper', poolUnreadable: false, loopback: false } as const;
export const used = (percent: number) => makeSpace(percent * 100, 10_000, 65_536);
/** The pool of the recipe, in a VG with so much free of its size. */
function recipe(freeShare: number): Pool {
  const volumeGroup = {
    ...recipePool.volumeGroup!,
    freeBytes: freeShare * recipePool.volumeGroup!.sizeBytes,
  };
  const pool = { ...recipePool, volumeGroup };
  return { ...pool, autoextend: planAutoextend(pool, policy) };
}

export const policyCases: CodeCases = {
  'autoextend-no-room': {
    fires: hostWith({ autoextend: withRoom(160 * MiB) }),
    summary: 'pool vg0-data needs 320 MiB for the next extension of data, and VG vg0 is 160 MiB short',
    severity: 'warning',
    quiet: hostWith({ autoextend: withRoom(0) }),
  },
  'autoextend-never': {
    fires: makeHost({ pools: [recipe(0.19)] }),
    summary:
      'pool docker-thinpool cannot autoextend with this layout: the first extension of data needs 19.2% of VG docker, and 19.0% is free',
    quiet: makeHost({ pools: [recipe(0.2)] }),
  },
  'autoextend-overdue': {
    fires: hostWith({ autoextend, data: used(81) }),
    summary:
      'pool vg0-data uses 81.00% of its data, above the autoextend threshold of 80%, and has not been extended',
    quiet: hostWith({ autoextend, data: used(80) }),
  },
  'autoextend-not-monitored': {
    fires: hostWith({ autoextend, lvm: { ...lvm, monitored: false } }),
    summary: 'pool vg0-data is configured to autoextend, but dmeventd does not monitor it',
    quiet: hostWith({ autoextend, lvm }),
  },
  'autoextend-off': {
    fires: hostWith({ autoextend: off }),
    summary: 'pool vg0-data has autoextend disabled (threshold 100%)',
    quiet: hostWith({ autoextend }),
  },
  'overcommitted-without-reserve': {
    fires: hostWith({ autoextend: off, provisionedBytes: 201 * 1024 * MiB }),
    summary: 'pool vg0-data has 201 GiB provisioned on 200 GiB, and cannot autoextend',
    quiet: hostWith({ autoextend: withRoom(0), provisionedBytes: 201 * 1024 * MiB }),
  },
  'loopback-in-use': {
    fires: hostWith({ dockerInfo: { ...docker, loopback: true } }),
    summary: 'pool vg0-data is stored in files on loop devices',
    quiet: hostWith({ dockerInfo: docker }),
  },
  'xfs-retries-for-ever': {
    fires: hostWith({
      retryPolicies: [{ kernelName: 'dm-7', volume: 'vg0-home', enospcMaxRetries: -1 }],
    }),
    summary: 'pool vg0-data has 1 XFS file system with unlimited retries, for example on vg0-home',
    // Writes fail at once, so nothing is retried for long.
    quiet: hostWith({
      retryPolicies: [{ kernelName: 'dm-7', volume: 'vg0-home', enospcMaxRetries: -1 }],
      table: { ...makePool().table, features: ['error_if_no_space'] },
    }),
  },
  'deferred-deletes': {
    fires: hostWith({ dockerInfo: { ...docker, deferredDeletedDevices: 2 } }),
    summary: 'pool vg0-data has 2 deleted devices whose blocks are not freed',
    quiet: hostWith({ dockerInfo: { ...docker, deferredDeletedDevices: 0 } }),
  },
  'docker-cannot-read-pool': {
    fires: hostWith({ dockerInfo: { ...docker, poolUnreadable: true } }),
    summary: 'pool vg0-data cannot be read by Docker: docker info reports every size as 0 B',
    quiet: hostWith({ dockerInfo: docker }),
  },
  'transaction-mismatch': {
    fires: hostWith({ lvm, transactions: { kernel: 5, lvm: 4 } }),
    summary:
      'pool vg0-data is at transaction 5, but LVM expects 4: LVM refuses new thin volumes and snapshots, and will not activate it again',
    // Docker counts transactions of its own in a pool in which LVM has made no volume.
    quiet: hostWith({ lvm: { ...lvm, thinCount: 0 }, transactions: { kernel: 5, lvm: 4 } }),
  },
};
