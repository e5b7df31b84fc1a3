import { expect, test } from 'vitest';
import { bytesLeft } from '../../../src/thinpool/space-left.ts';
import { makePool, makeSpace, makeUnknownPool } from '../../support/makers.ts';

const data = makeSpace(900, 1000, 65_536);
const minimumFrees = [{ resource: 'data', origin: 'docker', bytes: 40 * 65_536 }] as const;

test('space is left until the pool is full, or until its minimum free', () => {
  expect(bytesLeft(makePool({ data }), 'data', 'full')).toBe(100 * 65_536);
  expect(bytesLeft(makePool({ data, minimumFrees }), 'data', 'minimum_free')).toBe(60 * 65_536);
});

test('less is left where the file system under a loop file has less, though Docker does not see it', () => {
  const pool = makePool({ data: { ...data, availableBytes: 65_536 }, minimumFrees });
  expect(bytesLeft(pool, 'data', 'full')).toBe(65_536);
  expect(bytesLeft(pool, 'data', 'minimum_free')).toBe(60 * 65_536);
});

test('below the minimum nothing is left, and without one, or without a status, it is unknown', () => {
  const most = [{ ...minimumFrees[0], bytes: 200 * 65_536 }];
  expect(bytesLeft(makePool({ data, minimumFrees: most }), 'data', 'minimum_free')).toBe(0);
  expect(bytesLeft(makePool({ data }), 'data', 'minimum_free')).toBeUndefined();
  expect(bytesLeft(makeUnknownPool(), 'data', 'full')).toBeUndefined();
});
