import { describe, expect, it } from 'vitest';
import { volumes } from '../../../../src/collectors/dmsetup/volumes.ts';
import type { Pool } from '../../../../src/model/pool.ts';
import { makeHost, makePool, makeUnknownPool } from '../../../support/makers.ts';

const listed: Pick<Pool, 'volumes'> = {
  volumes: [{ name: 'vg-thin', device: '253:5', suspended: false, sizeBytes: 1024 }],
};
const blocksOf = (pool: Pool) =>
  volumes.queries(makeHost({ pools: [pool] }), { segMonitor: 'auto' }).map(({ blockedBy }) => blockedBy);
const late = { collector: 'pools', since: 0, degree: 'overdue' } as const;

describe('volumes are queried if their pool responds', () => {
  it.each([
    ['read', makePool(listed)],
    ['failed', makePool({ ...listed, state: 'failed' })],
    [
      'of which the volumes were late last time',
      makePool({ ...listed, late: { ...late, collector: 'volumes' } }),
    ],
  ])('%s', (_, pool) => {
    expect(blocksOf(pool)).toEqual([undefined]);
  });
});

describe('and wait for one that does not', () => {
  it.each([
    ['not read yet', makeUnknownPool(listed), 'is unknown'],
    ['overdue', makePool({ ...listed, late }), 'is overdue'],
    ['stuck', makePool({ ...listed, late: { ...late, degree: 'stuck' } }), 'does not return'],
    [
      'stuck in a query by volumes',
      makePool({ ...listed, late: { collector: 'volumes', since: 0, degree: 'stuck' } }),
      'does not return',
    ],
  ])('%s', (_, pool, reason) => {
    expect(blocksOf(pool)).toEqual([expect.stringContaining(reason)]);
  });
});
