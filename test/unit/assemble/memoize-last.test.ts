import { expect, it, vi } from 'vitest';
import { memoizeLast } from '../../../src/assemble/memoize-last.ts';

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
