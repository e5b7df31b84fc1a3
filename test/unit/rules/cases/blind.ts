import type { QueryState } from '../../../../src/model/collector-state.ts';
import { makeCollector, makeHost, makePool, makeUnknownPool } from '../../../support/makers.ts';
import { type CodeCases, hostWith } from '../each-code.ts';

const timedOut: QueryState = {
  key: 'docker-thinpool',
  about: 'docker-thinpool',
  startedAt: 996_000,
  finishedAt: 1_000_000,
  outcome: 'timed-out',
};

export const blind = (takenAt: number) =>
  makeHost({ takenAt, pools: [makeUnknownPool()], collectors: [makeCollector({ queries: [timedOut] })] });

const late = (degree: 'overdue' | 'stuck') => ({ collector: 'pools', since: 990_000, degree });
const query = { key: 'lvs', startedAt: 900_000 };

export const blindCases: CodeCases = {
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
};
