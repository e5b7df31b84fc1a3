import { expect, test } from 'vitest';
import { nothingRemembered, recall, remember } from '../../../src/assemble/memory.ts';
import type { Pool } from '../../../src/model/pool.ts';
import { makeHost, makePool, makeSpace } from '../../support/makers.ts';

const missingRetentionMs = 60_000;

/** Number of extensions counted after the pool was in one state and then in another. */
function extensionsAfter(first: Partial<Pool>, second: Partial<Pool>): number | undefined {
  const before = remember(nothingRemembered, makeHost({ pools: [makePool(first)] }), missingRetentionMs);
  const host = makeHost({ pools: [makePool(second)] });
  return recall(host, remember(before, host, missingRetentionMs)).pools[0]?.extensions.data;
}

const small = { data: makeSpace(0, 100, 65_536) };
const large = { data: makeSpace(0, 200, 65_536) };
const { table } = makePool();

test.each<[string, Partial<Pool>, Partial<Pool>, number]>([
  ['the same pool by its UUID', { uuid: 'a', ...small }, { uuid: 'a', device: '253:9', ...large }, 1],
  ['another UUID', { uuid: 'a', ...small }, { uuid: 'b', ...large }, 0],
  ['no UUID, the same device', small, large, 1],
  ['no UUID, another device number', small, { device: '253:9', ...large }, 0],
  ['no UUID, other blocks', small, { table: { ...table, blockSectors: 256 }, ...large }, 0],
])('%s: growth is counted accordingly', (_, first, second, times) => {
  expect(extensionsAfter(first, second)).toBe(times);
});
