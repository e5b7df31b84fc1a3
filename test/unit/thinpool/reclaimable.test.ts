import { expect, it } from 'vitest';
import { reclaimableIn } from '../../../src/thinpool/reclaimable.ts';
import { makeVolume } from '../../support/makers.ts';

const volume = { ...makeVolume('253:4'), sizeBytes: 1000 };
const usage = { name: volume.name, device: volume.device, sizeBytes: 980, usedBytes: 40, mappedBytes: 100 };
const of = (mappedBytes?: number, parts: Partial<typeof usage> = {}) =>
  reclaimableIn([{ ...usage, ...parts }])({ ...volume, ...(mappedBytes !== undefined && { mappedBytes }) });

it('is what is mapped and not used; some of that may be the own tables of the file system', () => {
  expect(of(100)).toEqual({ mostBytes: 60, likelyBytes: 40 });
  expect(of(55)).toEqual({ mostBytes: 15, likelyBytes: 0 });
});

it('does not count what was mapped since the file system was read, and drops with a trim', () => {
  expect(of(150)?.mostBytes).toBe(60);
  expect(of(45)?.mostBytes).toBe(5);
});

it('is nothing where more is used than mapped, as with files that were allocated in advance', () => {
  expect(of(30)).toEqual({ mostBytes: 0, likelyBytes: 0 });
});

it('is not known where one of both is not', () => {
  expect(of()).toBeUndefined();
  expect(of(100, { device: '253:5' })).toBeUndefined();
});
