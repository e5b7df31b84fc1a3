import { describe, expect, it } from 'vitest';
import { stateRules } from '../../../src/rules/state.ts';
import { judgeHost } from '../../support/judge-host.ts';
import { makeHost, makeUnknownPool } from '../../support/makers.ts';
import { outOfSpace } from './cases/state.ts';
import { hostWith, withCounters } from './each-code.ts';

describe('the state of a pool', () => {
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

  it('says that the metadata is full where it also needs a check, as on Linux 5.10', () => {
    const host = hostWith(withCounters({ needsCheck: true, metadataUsedBlocks: 512, metadataBlocks: 512 }));
    const summaries = judgeHost(host, new Map(), { debounce: false }).findings.map(({ summary }) => summary);
    expect(summaries).toContain(
      'pool vg0-data needs a metadata check: its last transaction was rolled back; it has no free metadata block: all 2.0 MiB are used',
    );
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
