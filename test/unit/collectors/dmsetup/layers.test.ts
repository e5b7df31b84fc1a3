import { expect, it } from 'vitest';
import { layers } from '../../../../src/collectors/dmsetup/layers.ts';
import type { StackedDevice } from '../../../../src/model/pool.ts';
import { makeHost, makePool } from '../../../support/makers.ts';

const queryOptions = { segMonitor: 'auto' } as const;
const device = (name: string, target?: StackedDevice['target']): StackedDevice => ({
  resource: 'data',
  depth: 0,
  device: '253:7',
  name,
  ...(target && { target }),
});
const queriesOf = (stack: readonly StackedDevice[]) =>
  layers.queries(makeHost({ pools: [makePool({ stack }), makePool({ stack })] }), queryOptions);

it('queries each device under a pool that has a state of its own, once, without a commit', () => {
  const queries = queriesOf([device('b', 'vdo'), device('plain'), device('a', 'raid')]);
  expect(queries.map(({ key }) => key)).toEqual(['a', 'b']);
  expect(queries[0]?.variants[0].input).toEqual({
    command: ['dmsetup', 'status', '--manglename', 'none', '--noflush', '--', 'a'],
  });
});

it('does not make the pool look late: that would block LVM', () => {
  expect(queriesOf([device('a', 'vdo')])[0]).not.toHaveProperty('about');
});

it('runs nothing where there is nothing of the kind, or too much', () => {
  expect(queriesOf([device('plain')])).toEqual([]);
  const many = Array.from({ length: 100 }, (_, at) => device(`d${at}`, 'raid'));
  expect(queriesOf(many)).toHaveLength(64);
});
