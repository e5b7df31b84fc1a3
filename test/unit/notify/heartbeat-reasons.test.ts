import { expect, it } from 'vitest';
import type { ReceiverState } from '../../../src/model/notify-state.ts';
import { heartbeatReasons } from '../../../src/notify/heartbeat-reasons.ts';
import { makeCollector, makeHost, makePool, makeUnknownPool } from '../../support/makers.ts';
import { minute } from './support.ts';

const now = 1_000_000;
const receiver: ReceiverState = {
  name: 'chat',
  kind: 'slack',
  posts: { ok: 0, refused: 0, failed: 1, 'timed-out': 0, unreachable: 0 },
  queued: 1,
  dropped: 0,
  failingSince: now - 5 * minute,
  why: 'HTTP 500',
};
const reasons = (parts = {}, receivers: readonly ReceiverState[] = [], at = now) =>
  heartbeatReasons({ host: makeHost({ pools: [makePool()], ...parts }) }, { receivers }, at);

it('are none while data is complete and current', () => {
  expect(reasons()).toEqual([]);
  expect(heartbeatReasons({ host: makeHost() }, undefined, now)).toEqual([]);
});

it('are none because a pool is full: that is known', () => {
  expect(
    reasons({ pools: [makePool({ counters: { ...makePool().counters!, mode: 'out_of_data_space' } })] }),
  ).toEqual([]);
});

it('are what is not known', () => {
  expect(reasons({ discovered: false })).toEqual(['the devices of this host are not known yet']);
  expect(
    reasons({ pools: [makePool({ late: { collector: 'pools', since: 1, degree: 'stuck' } })] }),
  ).toHaveLength(1);
  const pools = [makeUnknownPool()];
  const query = {
    key: 'docker-thinpool',
    about: 'docker-thinpool',
    finishedAt: now,
    outcome: 'timed-out' as const,
  };
  expect(reasons({ pools, collectors: [makeCollector({ queries: [query] })] })).toEqual([
    'pool docker-thinpool: its status is not known',
  ]);
});

it('are that nothing is judged any more', () => {
  expect(reasons({}, [], now + 15_000)).toEqual([]);
  expect(reasons({}, [], now + 15_001)).toEqual(['findings are not judged at present']);
  expect(reasons({}, [], now - 15_001)).toEqual(['findings are not judged at present']);
});

it('are receivers that accept nothing for a while', () => {
  expect(reasons({}, [receiver])).toEqual(['receiver chat accepts no notifications: HTTP 500']);
  expect(reasons({}, [{ ...receiver, failingSince: now - 5 * minute + 1 }])).toEqual([]);
});
