import { describe, expect, it } from 'vitest';
import { roomOf } from '../../../src/thinpool/room.ts';
import { makeHost, makePool, makeSpace, makeUnknownPool, makeVolume } from '../../support/makers.ts';

const MiB = 1024 ** 2;
const host = makeHost();
const limitsOf = (pool: Parameters<typeof roomOf>[0]) => roomOf(pool, host).limits;

describe('the limits of a pool', () => {
  it('are full data, full metadata, and every minimum free, in bytes of data', () => {
    const pool = makePool({
      data: makeSpace(500, 1000, 65_536),
      metadata: makeSpace(90, 100, 4096),
      minimumFrees: [
        { resource: 'data', origin: 'docker', bytes: 100 * 65_536 },
        { resource: 'metadata', origin: 'derived', bytes: 20 * 4096 },
        { resource: 'data', origin: 'lvm', bytes: 600 * 65_536 },
      ],
      counters: { ...makePool().counters!, dataUsedBlocks: 1, dataBlocks: 1000 },
    });
    // 64 bytes of metadata for each block, so 64 blocks for each block of metadata.
    expect(limitsOf(pool)).toEqual([
      { resource: 'data', limit: 'full', leftBytes: 500 * 65_536 },
      { resource: 'data', limit: 'minimum_free', origin: 'docker', leftBytes: 400 * 65_536 },
      { resource: 'data', limit: 'new_volumes', origin: 'lvm', leftBytes: -100 * 65_536 },
      { resource: 'metadata', limit: 'full', leftBytes: 640 * 65_536 },
      { resource: 'metadata', limit: 'minimum_free', origin: 'derived', leftBytes: -640 * 65_536 },
    ]);
  });

  it('leave less by what a printed figure may be off', () => {
    const { blocks: _b, usedBlocks: _u, blockBytes: _k, ...space } = makeSpace(500, 1000, 65_536);
    const rounded = { ...space, origin: 'lvm', roundingBytes: 5 * MiB } as const;
    expect(limitsOf(makePool({ data: rounded }))[0]?.leftBytes).toBe(500 * 65_536 - 5 * MiB);
  });

  it.each([
    ['space', makeUnknownPool()],
    ['loop-file', makePool({ backing: [{ resource: 'data', file: '/x', isWhole: true }] })],
  ])('are unknown, and not 0, where figures are missing: %s', (unknown, pool) => {
    expect(limitsOf(pool)[0]).toEqual({ resource: 'data', limit: 'full', unknown });
  });

  it('are unknown for metadata where nothing reports the size of a block', () => {
    const { table: _, ...pool } = makePool();
    expect(limitsOf(pool)).toContainEqual({ resource: 'metadata', limit: 'full', unknown: 'block-size' });
  });

  it('are unknown while Docker does not report the minimum of its pool', () => {
    const silent = { resource: 'data', limit: 'minimum_free', origin: 'docker', unknown: 'docker' };
    const volumes = [{ ...makeVolume('253:9'), name: 'docker-8:1-99-base' }];
    expect(limitsOf(makePool({ owner: 'docker' }))).toContainEqual(silent);
    expect(limitsOf(makePool({ volumes }))).toContainEqual(silent);
    expect(limitsOf(makePool())).not.toContainEqual(silent);
    const minimumFrees = [{ resource: 'data', origin: 'option', bytes: MiB }] as const;
    expect(limitsOf(makePool({ volumes, minimumFrees }))).not.toContainEqual(silent);
  });
});

describe('a pool that takes no writes', () => {
  const counters = makePool().counters!;
  const { device: _device, ...inactive } = makePool();
  it.each([
    ['inactive', { ...inactive, presence: 'inactive' as const }],
    ['failed', makePool({ state: 'failed' })],
    ['failed', makePool({ state: 'unreadable' })],
    ['needs-check', makePool({ counters: { ...counters, needsCheck: true } })],
    ['read-only', makePool({ counters: { ...counters, mode: 'ro' } })],
    ['suspended', makePool({ suspended: true })],
    [undefined, makePool({ counters: { ...counters, mode: 'out_of_data_space' } })],
    [undefined, makePool()],
  ])('is known: %s', (unwritable, pool) => {
    expect(roomOf(pool, host).unwritable).toBe(unwritable);
  });
});
