import { describe, expect, it } from 'vitest';
import { excludes, isFilter } from '../../../src/thinpool/pool-filter.ts';

const left = (filter: Parameters<typeof excludes>[0], ...names: string[]) => names.filter(excludes(filter));

describe('a filter of pools', () => {
  it('leaves out none if it is empty', () => {
    expect(left({}, 'a', '')).toEqual([]);
    expect([isFilter({}), isFilter({ include: ['*'] }), isFilter({ exclude: ['a'] })]).toEqual([
      false,
      true,
      true,
    ]);
  });

  it.each([
    ['vg-pool', 'vg-pool', true],
    ['vg-pool', 'vg-pool2', false],
    ['vg-pool', 'my-vg-pool', false],
    ['docker-*', 'docker-253:2-812-pool', true],
    ['*-pool', 'docker-253:2-812-pool', true],
    ['vg?-pool', 'vg1-pool', true],
    ['vg?-pool', 'vg-pool', false],
    ['a.b', 'axb', false],
    ['a+(b)[c]{d}|^$', 'a+(b)[c]{d}|^$', true],
    ['*', 'anything\nat all', true],
    ['größe-?', 'größe-ß', true],
  ])('%s and the pool %j: %s', (glob, name, matches) => {
    expect(left({ exclude: [glob] }, name)).toEqual(matches ? [name] : []);
    expect(left({ include: [glob] }, name)).toEqual(matches ? [] : [name]);
  });

  it('leaves out of the wanted ones those that are not wanted', () => {
    const filter = { include: ['vg0-*', 'docker'], exclude: ['*-scratch'] };
    expect(left(filter, 'vg0-a', 'vg0-scratch', 'docker', 'other')).toEqual(['vg0-scratch', 'other']);
  });
});
