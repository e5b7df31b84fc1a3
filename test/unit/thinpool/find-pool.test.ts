import { expect, it } from 'vitest';
import { findPool } from '../../../src/thinpool/find-pool.ts';
import { makePool } from '../../support/makers.ts';

const { device: _device, ...unseen } = makePool();
const pools = [
  makePool({ name: 'vg0-da--ta', dmName: 'vg0-da--ta-tpool', vgName: 'vg0', lvName: 'da-ta' }),
  {
    ...unseen,
    name: 'twin-pool@abc',
    dmName: 'x',
    vgName: 'twin',
    lvName: 'pool',
    presence: 'inactive' as const,
  },
  makePool({ name: 'twin-pool', dmName: 'twin-pool-tpool', vgName: 'twin', lvName: 'pool' }),
  makePool({ name: 'docker-253:0-1-pool', dmName: 'docker-253:0-1-pool' }),
];

it.each([
  ['vg0-da--ta', 'vg0-da--ta'],
  ['vg0-da--ta-tpool', 'vg0-da--ta'],
  ['/dev/mapper/vg0-da--ta', 'vg0-da--ta'],
  ['vg0/da-ta', 'vg0-da--ta'],
  ['/dev/vg0/da-ta', 'vg0-da--ta'],
  ['docker-253:0-1-pool', 'docker-253:0-1-pool'],
  ['twin/pool', 'twin-pool'],
  ['twin-pool@abc', 'twin-pool@abc'],
  ['vg0/other', undefined],
  ['vg0', undefined],
  ['', undefined],
])('finds by any name of the pool: %s', (given, name) => {
  expect(findPool(pools, given)?.name).toBe(name);
});
