import type { EventSum } from '../../../../src/model/pool.ts';
import { makeHost, makePool } from '../../../support/makers.ts';
import { type CodeCases, hostWith } from '../each-code.ts';

export const event = (kind: string, ageMs: number, more: Partial<EventSum> = {}): EventSum => ({
  kind,
  count: 1,
  lastAt: 1_000_000_000 - ageMs,
  devices: [],
  ...more,
});

export const minute = 60_000;
export const takenAt = 1_000_000_000;
const inPool = (...kernelEvents: readonly EventSum[]) => ({
  ...hostWith({ kernelEvents }),
  takenAt,
});

const inHost = (...unassignedEvents: readonly EventSum[]) =>
  makeHost({ takenAt, pools: [makePool()], unassignedEvents });

const hung = event('hung_task', minute);

export const kernelCases: CodeCases = {
  'tasks-hang-in-storage': {
    fires: inPool({ ...hung, devices: ['dm-5 (vg-v)'] }),
    summary: 'pool vg0-data has tasks that are blocked in it (kernel messages: hung_task on dm-5 (vg-v))',
    quiet: inHost(hung),
  },
  'tasks-hang-unassigned': {
    fires: inHost(hung),
    summary: 'the kernel reports tasks that are blocked in storage, and does not name the device',
    // Without a pool it is not about one.
    quiet: makeHost({ takenAt, unassignedEvents: [hung] }),
  },
  'file-system-errors': {
    fires: inPool(event('xfs_shutdown', 5 * minute - 1000), event('ext4_error', 1000)),
    summary: 'pool vg0-data has file systems with errors (kernel messages: ext4_error, xfs_shutdown)',
    quiet: inPool(event('xfs_shutdown', 5 * minute)),
  },
  'metadata-damaged': {
    fires: inPool(event('metadata_damaged', 59 * minute)),
    summary: 'pool vg0-data has damaged metadata (kernel messages: metadata_damaged)',
    quiet: inPool(event('metadata_damaged', 60 * minute)),
  },
  'pool-activation-failed': {
    fires: inHost(event('device_too_small', 0, { devices: ['253:4'] })),
    summary: 'a thin pool could not be activated: device too small on 253:4',
    quiet: inHost(event('table_refused', 0, { devices: ['253:4'] })),
  },
  'storage-errors': {
    fires: inPool(event('block_error', 0, { devices: ['sda'] }), event('buffer_error', 0)),
    summary:
      'pool vg0-data reports errors of its storage (kernel messages: block_error on sda; buffer_error)',
    quiet: inPool(event('discard_failed', 0, { devices: ['sda'] })),
  },
  'operation-refused': {
    fires: inPool(event('volume_creation_failed', 0)),
    summary: 'pool vg0-data had operations refused by the kernel (kernel messages: volume_creation_failed)',
    quiet: inPool(event('table_refused', 0)),
  },
};
