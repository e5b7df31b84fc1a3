import { describe, expect, it } from 'vitest';
import { metadataBlocksMax } from '../../../src/model/units.ts';
import { stateRules } from '../../../src/rules/state.ts';
import { judgeHost } from '../../support/judge-host.ts';
import { makeHost, makePool, makeUnknownPool } from '../../support/makers.ts';
import { hostWith, tryEachCode, withCounters } from './each-code.ts';

const blocks = 3_276_800;
const isFull = { dataUsedBlocks: blocks, dataBlocks: blocks };
const outOfSpace = { ...isFull, mode: 'out_of_data_space' } as const;

describe('the state of a pool', () => {
  tryEachCode(stateRules, {
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
  });

  it('is the last known one while a newer status does not return', () => {
    const lastKnown = { state: 'failed', takenAt: 900_000 } as const;
    const { findings } = judgeHost(makeHost({ pools: [makeUnknownPool({ lastKnown })] }), new Map(), {
      debounce: false,
    });
    expect(findings).toMatchObject([
      {
        code: 'pool-failed',
        lastKnown: true,
        summary:
          'pool docker-thinpool has failed: every read and write of its volumes returns an error (as last read)',
      },
    ]);
  });

  it('is one at most: the worst', () => {
    const host = hostWith({
      ...withCounters({ ...outOfSpace, needsCheck: true, metadataUsedBlocks: 9, metadataBlocks: 9 }),
    });
    const { findings } = judgeHost(host, new Map(), { debounce: false });
    const codes = stateRules.map(({ code }) => code);
    expect(findings.map(({ code }) => code).filter((code) => codes.includes(code))).toEqual([
      'pool-needs-check',
    ]);
  });
});
