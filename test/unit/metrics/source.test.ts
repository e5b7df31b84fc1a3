import { expect, it } from 'vitest';
import { sourceMetrics } from '../../../src/metrics/source.ts';
import { makeHost, makeSource } from '../../support/makers.ts';

it.each([
  ['all its readings worked', {}, 1],
  ['there is nothing to read', { status: 'absent' }, 1],
  ['one of its readings is held back', { heldBack: 'pool p is stuck' }, 0],
  ['one failed', { status: 'failed' }, 0],
] as const)('a source of which %s has an up of its own', (_, parts, value) => {
  const up = sourceMetrics.find(({ name }) => name === 'thinpool_source_up');
  expect(up?.samples(makeHost({ sources: [makeSource(parts)] }))).toMatchObject([{ value }]);
});

it('counts what a collector could not read, and says nothing where it read all', () => {
  const unread = sourceMetrics.find(({ name }) => name === 'thinpool_collector_unreadable_records');
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
