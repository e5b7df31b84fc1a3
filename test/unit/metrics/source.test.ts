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
