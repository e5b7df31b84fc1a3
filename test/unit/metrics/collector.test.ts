import { expect, it } from 'vitest';
import { collectorMetrics } from '../../../src/metrics/collector.ts';
import { makeCollector, makeHost } from '../../support/makers.ts';

it.each([
  ['all its queries succeeded', {}, 1],
  ['there is nothing to read', { status: 'absent' }, 1],
  ['one of its queries is blocked', { blocked: 'pool p is stuck' }, 0],
  ['one failed', { status: 'failed' }, 0],
] as const)('a collector of which %s has an up of its own', (_, parts, value) => {
  const up = collectorMetrics.find(({ name }) => name === 'thinpool_collector_up');
  expect(up?.samples(makeHost({ collectors: [makeCollector(parts)] }))).toMatchObject([{ value }]);
});

it('counts what a collector could not read, and says nothing where it read all', () => {
  const unread = collectorMetrics.find(({ name }) => name === 'thinpool_collector_unreadable_records');
  const odd = [
    { collector: 'lvm', reason: 'a' },
    { collector: 'devices', reason: 'b' },
    { collector: 'lvm', reason: 'c' },
  ];
  expect(unread?.samples(makeHost({ unreadable: odd }))).toEqual([
    { labels: { collector: 'lvm' }, value: 2 },
    { labels: { collector: 'devices' }, value: 1 },
  ]);
  expect(unread?.samples(makeHost())).toEqual([]);
});
