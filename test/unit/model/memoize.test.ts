import { expect, it, vi } from 'vitest';
import { memoizeLast, memoizePer } from '../../../src/model/memoize.ts';

it('makes anew what is made of other things, and only that', () => {
  const make = vi.fn((...lists: number[][]) => lists.flat());
  const remembered = memoizeLast((...lists: number[][]) => make(...lists));
  const [one, two] = [[1], [2]];
  const first = remembered(one, two);
  expect(remembered(one, two)).toBe(first);
  expect(make).toHaveBeenCalledTimes(1);
  expect(remembered(one, [2])).toEqual([1, 2]);
  expect(remembered(one)).toEqual([1]);
  expect(remembered(one, two)).toEqual([1, 2]);
  expect(make).toHaveBeenCalledTimes(4);
});

it('makes once for each object, and for each combination of objects', () => {
  const make = vi.fn((...lists: number[][]) => (lists.flat().length > 0 ? lists.flat() : undefined));
  const remembered = memoizePer(make);
  const [one, two] = [[1], [2]];
  const first = remembered(one);
  expect(remembered(one, two)).toEqual([1, 2]);
  expect(remembered(two)).toEqual([2]);
  expect(remembered(one)).toBe(first);
  expect(make).toHaveBeenCalledTimes(3);
  expect(remembered([1])).not.toBe(first);
  const empty: number[] = [];
  expect([remembered(empty), remembered(empty)]).toEqual([undefined, undefined]);
  expect(make).toHaveBeenCalledTimes(5);
});
