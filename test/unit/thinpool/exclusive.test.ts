import { describe, expect, it } from 'vitest';
import type { ExclusiveSpace } from '../../../src/model/exclusive.ts';
import { exclusiveOf, isSamePool } from '../../../src/thinpool/exclusive.ts';
import { makePool, makeVolume } from '../../support/makers.ts';

const uuid = 'LVM-abc-tpool';
const space: ExclusiveSpace = {
  ...{ dmName: 'docker-thinpool', uuid, device: '253:2', bootId: 'b', takenAt: 5000, blockBytes: 65_536 },
  volumes: [{ deviceId: 3, mappedBlocks: 20, exclusiveBlocks: 5 }],
};
const { uuid: _, ...raw } = space;
const pool = makePool({ uuid });
const of = (one: ExclusiveSpace, of = pool) => exclusiveOf(of, { spaces: [one], outcomes: [] });
const volume = { ...makeVolume('253:9'), deviceId: 3 };

describe('what was measured', () => {
  it('is that of the same pool and volume', () => {
    expect(of(space)?.takenAt).toBe(5000);
    expect(of(space)?.bytesOf(volume)).toBe(5 * 65_536);
    expect(of(space)?.bytesOf({ ...volume, deviceId: 4 })).toBeUndefined();
    expect(of(space)?.bytesOf(makeVolume('253:9'))).toBeUndefined();
    expect(exclusiveOf(pool, undefined)).toBeUndefined();
  });

  it('is dropped when the pool is made anew', () => {
    expect(of(space, makePool({ uuid: 'LVM-other-tpool' }))).toBeUndefined();
    expect(of(raw, makePool({ createdAfter: 5001 }))).toBeUndefined();
    expect(of(raw, makePool({ createdAfter: 4999 }))).toBeDefined();
  });

  it('stays when LVM activates the pool again', () => {
    expect(of(space, makePool({ uuid, createdAfter: 5001 }))).toBeDefined();
  });

  it('is not that of a newer volume with the same id', () => {
    expect(of(space)?.bytesOf({ ...volume, createdAfter: 5001 })).toBeUndefined();
    expect(of(space)?.bytesOf(volume, 5001)).toBeUndefined();
    // Activated since, and made before.
    expect(of(space)?.bytesOf({ ...volume, createdAfter: 5001 }, 4000)).toBe(5 * 65_536);
  });
});

describe('a pool without a UUID', () => {
  const plain = makePool();
  it('is known by name and number within one boot', () => {
    expect(isSamePool(plain, raw, 'b')).toBe(true);
    expect(isSamePool(plain, raw, 'c')).toBe(false);
    expect(isSamePool({ ...plain, device: '253:3' }, raw, 'b')).toBe(false);
    expect(isSamePool({ ...plain, dmName: 'other' }, raw, 'b')).toBe(false);
  });

  it('is not one that has a UUID', () => {
    expect(isSamePool(plain, space, 'b')).toBe(false);
    expect(isSamePool(pool, raw, 'b')).toBe(false);
  });
});
