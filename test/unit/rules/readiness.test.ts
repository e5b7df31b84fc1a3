import { describe, expect, it } from 'vitest';
import { readiness } from '../../../src/rules/readiness.ts';
import { makeCollector, makeHost, makePool, makeUnknownPool } from '../../support/makers.ts';

const queried = makeCollector({
  queries: [{ key: 'docker-thinpool', about: 'docker-thinpool', startedAt: 1, finishedAt: 2 }],
});
const late = (degree: 'slow' | 'overdue' | 'stuck') => ({ collector: 'pools', since: 0, degree });

describe('readiness', () => {
  it.each([
    ['a host whose pools are read', makeHost({ pools: [makePool()] })],
    ['a pool that is full', makeHost({ pools: [makePool({ state: 'failed' })] })],
    ['a query that is merely slow', makeHost({ pools: [makePool({ late: late('slow') })] })],
    [
      'a pool that has just been made',
      makeHost({ pools: [makeUnknownPool()], collectors: [makeCollector()] }),
    ],
    [
      'a query that is new',
      makeHost({ collectors: [makeCollector({ status: 'pending', finishedQueries: 4 })] }),
    ],
    [
      'no device-mapper',
      makeHost({ discovered: false, collectors: [makeCollector({ discovers: true, status: 'absent' })] }),
    ],
  ])('is there with %s', (_, host) => {
    expect(readiness(host)).toEqual([]);
  });

  it.each([
    [
      'a collector was never read',
      makeHost({ collectors: [makeCollector({ name: 'lvm', status: 'pending', finishedQueries: 0 })] }),
      'collector lvm has not been read yet',
    ],
    [
      'a query is overdue',
      makeHost({ pools: [makePool({ late: late('overdue') })] }),
      'pool docker-thinpool: a query by pools is overdue',
    ],
    [
      'a query is stuck',
      makeHost({ pools: [makePool({ late: late('stuck') })] }),
      'pool docker-thinpool: a query by pools is overdue',
    ],
    [
      'a status was queried and is not known',
      makeHost({ pools: [makeUnknownPool()], collectors: [queried] }),
      'pool docker-thinpool: its status is not known',
    ],
    [
      'devices are not known',
      makeHost({ discovered: false, collectors: [makeCollector({ discovers: true, status: 'failed' })] }),
      'the devices of this host are not known yet',
    ],
  ])('is not there while %s', (_, host, reason) => {
    expect(readiness(host)).toEqual([reason]);
  });
});
