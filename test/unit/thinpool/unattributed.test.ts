import { expect, test } from 'vitest';
import { unattributedBytes } from '../../../src/thinpool/unattributed.ts';
import { makePool, makeSpace, makeVolume } from '../../support/makers.ts';

const data = makeSpace(100, 1000, 65_536);
const volumes = [30, 20].map((blocks, at) => ({
  ...makeVolume(`253:${at + 4}`),
  mappedBytes: blocks * 65_536,
}));
const pool = makePool({ data, volumes, volumeCount: 2 });

test('it is what no visible volume maps, and never less than nothing', () => {
  expect(unattributedBytes(pool)).toBe(50 * 65_536);
  expect(unattributedBytes({ ...pool, data: makeSpace(40, 1000, 65_536) })).toBe(0);
});

test('it is unknown unless all of every volume is known', () => {
  expect(unattributedBytes({ ...pool, volumeCount: 3 })).toBeUndefined();
  const [first] = volumes;
  const { mappedBytes: _, ...unread } = first!;
  expect(unattributedBytes({ ...pool, volumes: [unread, volumes[1]!] })).toBeUndefined();
  const { data: __, ...unknown } = pool;
  expect(unattributedBytes(unknown)).toBeUndefined();
});
