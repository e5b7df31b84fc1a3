import { metadataBlocksMax } from '../../../../src/model/units.ts';
import { makePool } from '../../../support/makers.ts';
import { type CodeCases, hostWith, withCounters } from '../each-code.ts';

const blocks = 3_276_800;
const isFull = { dataUsedBlocks: blocks, dataBlocks: blocks };
export const outOfSpace = { ...isFull, mode: 'out_of_data_space' } as const;

export const stateCases: CodeCases = {
  'pool-failed': {
    fires: hostWith({ state: 'failed' }),
    summary: 'pool vg0-data has failed: every read and write of its volumes returns an error',
    quiet: hostWith({ state: 'unreadable' }),
  },
  'pool-unreadable': {
    fires: hostWith({ state: 'unreadable' }),
    summary: 'pool vg0-data has metadata that the kernel cannot read',
    quiet: hostWith({ state: 'failed' }),
  },
  'pool-needs-check': {
    fires: hostWith(withCounters({ needsCheck: true })),
    summary: 'pool vg0-data needs a metadata check: its last transaction was rolled back',
    // The kernel's present state counts, not what LVM reported a minute ago.
    quiet: hostWith({
      ...withCounters({ needsCheck: false }),
      lvm: { vgName: 'vg0', lvName: 'data', role: 'pool', checkNeeded: true },
    }),
  },
  'metadata-limit': {
    fires: hostWith(
      withCounters({ metadataUsedBlocks: metadataBlocksMax, metadataBlocks: metadataBlocksMax }),
    ),
    summary:
      'pool vg0-data has no free metadata block (all 15.9 GiB are used), and its metadata has its largest size',
    quiet: hostWith(
      // One block below what LVM made at most before 2.03.12.
      withCounters({ metadataUsedBlocks: 4_145_151, metadataBlocks: 4_145_151 }),
    ),
  },
  'metadata-full': {
    fires: hostWith(withCounters({ metadataUsedBlocks: 1024, metadataBlocks: 1024 })),
    summary: 'pool vg0-data has no free metadata block: all 4.0 MiB are used',
    quiet: hostWith(withCounters({ metadataUsedBlocks: 1023, metadataBlocks: 1024 })),
  },
  'pool-read-only': {
    fires: hostWith(withCounters({ mode: 'ro' })),
    summary: 'pool vg0-data was switched to read-only by the kernel: writes that need a new block fail',
    // An operator chose it.
    quiet: hostWith({
      ...withCounters({ mode: 'ro' }),
      table: { ...makePool().table, features: ['read_only'] },
    }),
  },
  'data-full-failing': {
    fires: hostWith(withCounters({ ...outOfSpace, noSpace: 'error' })),
    summary: 'pool vg0-data is out of data space (200 GiB of 200 GiB used); writes fail',
    quiet: hostWith(withCounters({ ...outOfSpace, noSpace: 'queue' })),
  },
  'data-full-queueing': {
    fires: hostWith(withCounters({ ...outOfSpace, noSpace: 'queue' })),
    summary: 'pool vg0-data is out of data space (200 GiB of 200 GiB used); writes are queued',
    quiet: hostWith(withCounters({ ...outOfSpace, noSpace: 'error' })),
  },
  'data-full': {
    fires: hostWith(withCounters(isFull)),
    summary: 'pool vg0-data has no free data block: 200 GiB of 200 GiB used',
    quiet: hostWith(withCounters({ ...isFull, dataUsedBlocks: blocks - 1 })),
  },
};
