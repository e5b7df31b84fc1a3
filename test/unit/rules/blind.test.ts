import { describe, expect, it } from 'vitest';
import type { QueryState } from '../../../src/model/collector-state.ts';
import { blindRules } from '../../../src/rules/blind.ts';
import type { Since } from '../../../src/rules/evaluate.ts';
import { judgeHost } from '../../support/judge-host.ts';
import { makeCollector, makeHost, makePool, makeUnknownPool } from '../../support/makers.ts';
import { hostWith, tryEachCode } from './each-code.ts';

const timedOut: QueryState = {
  key: 'docker-thinpool',
  about: 'docker-thinpool',
  startedAt: 996_000,
  finishedAt: 1_000_000,
  outcome: 'timed-out',
};
const blind = (takenAt: number) =>
  makeHost({ takenAt, pools: [makeUnknownPool()], collectors: [makeCollector({ queries: [timedOut] })] });
const codesOf = (findings: readonly { readonly code: string }[]) => findings.map(({ code }) => code);

const late = (degree: 'overdue' | 'stuck') => ({ collector: 'pools', since: 990_000, degree });
const query = { key: 'lvs', startedAt: 900_000 };

describe('what is not seen', () => {
  tryEachCode(blindRules, {
    'status-stuck': {
      fires: hostWith({ late: late('stuck') }),
      summary: 'pool vg0-data does not respond: a query by collector pools hangs in the kernel',
      quiet: hostWith({ late: late('overdue') }),
    },
    'status-unknown': {
      fires: blind(1_000_000),
      summary: 'pool docker-thinpool exists, but its status could not be read',
      // It has not been tried yet.
      quiet: makeHost({ pools: [makeUnknownPool()], collectors: [makeCollector()] }),
    },
    'pool-missing': {
      fires: makeHost({ missingPools: [{ name: 'vg0-data', lastSeenAt: 900_000 }] }),
      summary: 'pool vg0-data is gone',
      quiet: hostWith(),
    },
    'discovery-blind': {
      fires: makeHost({ discovered: false, pools: [makePool()] }),
      summary: 'device-mapper can no longer be read: 1 pool is not monitored',
      // It never could be read: that is what readiness says.
      quiet: makeHost({ discovered: false }),
    },
    'collector-failing': {
      fires: makeHost({
        collectors: [
          makeCollector({ name: 'lvm', status: 'failed', queries: [{ key: 'lvs', failure: 'exit code 5' }] }),
        ],
      }),
      summary: 'collector lvm fails: exit code 5',
      quiet: makeHost({ collectors: [makeCollector({ name: 'lvm', status: 'absent' })] }),
    },
    'collector-stuck': {
      fires: makeHost({
        collectors: [makeCollector({ name: 'lvm', queries: [{ ...query, stuckSince: 920_000 }] })],
      }),
      summary: 'a command of collector lvm does not exit',
      quiet: makeHost({ collectors: [makeCollector({ name: 'lvm', queries: [query] })] }),
    },
  });
});

describe('status-unknown', () => {
  it('waits for what decides between stuck and well again', () => {
    const first = judgeHost(blind(1_000_000), new Map());
    expect(codesOf(first.findings)).toEqual([]);
    const later = judgeHost(blind(1_005_000), first.since);
    expect(codesOf(later.findings)).toEqual(['status-unknown']);
  });

  it('is reported at once by a single poll', () => {
    const { findings } = judgeHost(blind(1_000_000), new Map(), { debounce: false });
    expect(codesOf(findings)).toEqual(['status-unknown']);
  });
});

describe('collector-failing', () => {
  const reported = (story: readonly (readonly [seconds: number, status: 'failed' | 'blocked' | 'ok'])[]) => {
    let since: Since = new Map();
    let codes: readonly string[] = [];
    for (const [seconds, status] of story) {
      const collectors = [makeCollector({ name: 'lvm', status })];
      const judged = judgeHost(makeHost({ takenAt: seconds * 1000, collectors }), since);
      since = judged.since;
      codes = codesOf(judged.findings);
    }
    return codes;
  };

  it('is reported after a minute, though the collector was blocked for a second meanwhile', () => {
    expect(
      reported([
        [0, 'failed'],
        [59, 'failed'],
      ]),
    ).toEqual([]);
    expect(
      reported([
        [0, 'failed'],
        [60, 'failed'],
      ]),
    ).toEqual(['collector-failing']);
    expect(
      reported([
        [0, 'failed'],
        [50, 'failed'],
        [51, 'blocked'],
        [52, 'failed'],
        [60, 'failed'],
      ]),
    ).toEqual(['collector-failing']);
    expect(
      reported([
        [0, 'failed'],
        [70, 'failed'],
        [71, 'blocked'],
        [72, 'failed'],
      ]),
    ).toEqual(['collector-failing']);
  });

  it('is not reported for what did not fail, and waits again if the collector was ok for longer', () => {
    expect(
      reported([
        [0, 'failed'],
        [70, 'failed'],
        [71, 'ok'],
      ]),
    ).toEqual([]);
    expect(
      reported([
        [0, 'failed'],
        [50, 'failed'],
        [60, 'ok'],
        [61, 'failed'],
        [100, 'failed'],
      ]),
    ).toEqual([]);
  });
});
