import { expect, test } from 'vitest';
import type { Outcome } from '../../../src/model/collector-state.ts';
import { arePoolsKnown } from '../../../src/model/known-pools.ts';
import type { Pool } from '../../../src/model/pool.ts';
import { makeCollector, makeHost, makePool, makeUnknownPool } from '../../support/makers.ts';

const unseen: Pool = { ...makePool(), presence: 'unseen' };

function known(pools: readonly Pool[], outcome: Outcome): boolean {
  const collector = makeCollector({ discovers: true, status: 'failed', queries: [{ key: 'info', outcome }] });
  return arePoolsKnown(makeHost({ discovered: false, pools, collectors: [collector] }));
}

test('what device-mapper lists is known, also where that is nothing', () => {
  expect(arePoolsKnown(makeHost())).toBe(true);
});

test('where it is not for us, what LVM and Docker report is what there is', () => {
  expect(known([unseen], 'permission-denied')).toBe(true);
  expect(known([unseen], 'not-installed')).toBe(true);
  expect(known([{ ...makeUnknownPool(), presence: 'inactive' }], 'not-installed')).toBe(true);
});

test('that Docker cannot read its pool is known of it', () => {
  const dockerInfo = { kind: 'docker', driver: 'devicemapper', loopback: false, poolUnreadable: true };
  expect(known([{ ...makeUnknownPool(), presence: 'unseen', dockerInfo }], 'permission-denied')).toBe(true);
});

test.each<[string, readonly Pool[], Outcome]>([
  ['it does not answer', [unseen], 'timed-out'],
  ['nobody reports a pool', [], 'not-installed'],
  ['nobody says how full the pool is', [{ ...makeUnknownPool(), presence: 'unseen' }], 'not-installed'],
  ['pools were seen before', [makePool()], 'permission-denied'],
])('nothing is known where %s', (_, pools, outcome) => {
  expect(known(pools, outcome)).toBe(false);
});
