import { describe, expect, test } from 'vitest';
import type { DockerInfo } from '../../../src/model/facts.ts';
import type { CountedSpace, MinimumFree } from '../../../src/model/pool.ts';
import { minimumFreeOf, minimumFreesOf } from '../../../src/thinpool/minimum-free.ts';
import { isOfContainersStorage } from '../../../src/thinpool/owner.ts';
import { makePool } from '../../support/makers.ts';

function space(blocks: number, blockBytes: number): CountedSpace {
  const sizeBytes = blocks * blockBytes;
  return {
    origin: 'kernel',
    blocks,
    usedBlocks: 0,
    blockBytes,
    sizeBytes,
    usedBytes: 0,
    freeBytes: sizeBytes,
    availableBytes: sizeBytes,
  };
}

function dockerInfo(minimumFreeBytes?: number, dataSizeBytes?: number): DockerInfo {
  return {
    kind: 'docker',
    driver: 'devicemapper',
    poolUnreadable: false,
    loopback: false,
    ...(minimumFreeBytes === undefined ? {} : { minimumFreeBytes }),
    ...(dataSizeBytes === undefined ? {} : { dataSizeBytes }),
  };
}

const data = space(3_276_800, 65_536);
const metadata = space(4_161_600, 4096);
const reported = dockerInfo(21_470_000_000, 214_700_000_000);

describe('a minimum free that Docker reports', () => {
  test('is found to the block, for data and metadata', () => {
    expect(minimumFreesOf({ data, metadata }, reported, undefined)).toEqual([
      { resource: 'data', origin: 'docker', bytes: 327_680 * 65_536 },
      { resource: 'metadata', origin: 'derived', bytes: 416_160 * 4096 },
    ]);
  });

  test('comes before a configured one', () => {
    expect(minimumFreesOf({ data, metadata }, reported, 30)).toEqual(
      minimumFreesOf({ data, metadata }, reported, undefined),
    );
  });

  test('is rounded down to a block', () => {
    const odd = space(19_455, 524_288);
    expect(
      minimumFreesOf({ data: odd, metadata: space(25_600, 4096) }, dockerInfo(1_020_000_000), undefined),
    ).toEqual([
      { resource: 'data', origin: 'docker', bytes: 1945 * 524_288 },
      { resource: 'metadata', origin: 'derived', bytes: 2560 * 4096 },
    ]);
  });

  test.each([1, 2, 9, 33, 50, 98, 99])('of %d %% is found again from what is printed', (percent) => {
    const blocks = Math.floor((data.blocks * percent) / 100);
    const printed = Number((blocks * 65_536).toPrecision(4));
    expect(minimumFreesOf({ data, metadata: undefined }, dockerInfo(printed), undefined)).toEqual([
      { resource: 'data', origin: 'docker', bytes: blocks * 65_536 },
    ]);
  });

  test('of 0 is none, whatever is configured', () => {
    expect(minimumFreesOf({ data, metadata }, dockerInfo(0), 10)).toEqual([]);
  });

  test('grows with the pool that grew since Docker was queried', () => {
    expect(minimumFreesOf({ data: space(6_000_000, 65_536), metadata }, reported, undefined)).toEqual([
      { resource: 'data', origin: 'derived', bytes: 600_000 * 65_536 },
      { resource: 'metadata', origin: 'derived', bytes: 416_160 * 4096 },
    ]);
  });

  test('allows for the block that was cut off when the pool was smaller', () => {
    const block = 67_108_864;
    expect(
      minimumFreesOf(
        { data: space(200, block), metadata: undefined },
        dockerInfo(1_007_000_000, 10_400_000_000),
        0,
      ),
    ).toEqual([{ resource: 'data', origin: 'derived', bytes: 20 * block }]);
  });

  test('is as printed where it is not within the rounding of a percent', () => {
    expect(minimumFreesOf({ data, metadata }, dockerInfo(21_500_000_000), undefined)).toEqual([
      { resource: 'data', origin: 'docker', bytes: 21_500_000_000 },
    ]);
  });

  test('is as printed where no whole percent explains it', () => {
    expect(
      minimumFreesOf({ data, metadata }, dockerInfo(22_500_000_000, 214_700_000_000), undefined),
    ).toEqual([{ resource: 'data', origin: 'docker', bytes: 22_500_000_000 }]);
  });

  test('is as printed where the pool itself cannot be read', () => {
    expect(minimumFreesOf({ data: undefined, metadata: undefined }, reported, undefined)).toEqual([
      { resource: 'data', origin: 'docker', bytes: 21_470_000_000 },
    ]);
  });

  test('leaves that of metadata open in a pool so small that several percents are the same', () => {
    expect(minimumFreesOf({ data: space(20, 65_536), metadata }, dockerInfo(131_100), undefined)).toEqual([
      { resource: 'data', origin: 'docker', bytes: 131_072 },
    ]);
  });
});

describe('a configured minimum free', () => {
  test.each([
    ['no consumer', undefined],
    ['a Docker before 1.12', dockerInfo(undefined, 214_700_000_000)],
  ])('is used with %s', (_, who) => {
    expect(minimumFreesOf({ data, metadata }, who, 10)).toEqual([
      { resource: 'data', origin: 'option', bytes: 327_680 * 65_536 },
      { resource: 'metadata', origin: 'option', bytes: 416_160 * 4096 },
    ]);
  });

  test('is at least one block', () => {
    expect(minimumFreesOf({ data: space(20, 65_536), metadata: undefined }, undefined, 1)).toEqual([
      { resource: 'data', origin: 'option', bytes: 65_536 },
    ]);
  });

  test.each([undefined, 0])('of %s is none', (percent) => {
    expect(minimumFreesOf({ data, metadata }, undefined, percent)).toEqual([]);
  });

  test('needs the size of the pool', () => {
    expect(minimumFreesOf({ data: undefined, metadata: undefined }, undefined, 10)).toEqual([]);
  });
});

describe('several origins', () => {
  const minimumFrees: readonly MinimumFree[] = [
    { resource: 'data', origin: 'lvm', bytes: 1 },
    { resource: 'data', origin: 'option', bytes: 2 },
    { resource: 'metadata', origin: 'lvm', bytes: 3 },
    { resource: 'data', origin: 'containers-storage', bytes: 4 },
  ];

  test('of the container engine before that of an option, and never that of LVM', () => {
    expect(minimumFreeOf(makePool({ minimumFrees }), 'data')?.origin).toBe('containers-storage');
    expect(minimumFreeOf(makePool({ minimumFrees: minimumFrees.slice(0, 3) }), 'data')?.origin).toBe(
      'option',
    );
    expect(minimumFreeOf(makePool({ minimumFrees }), 'metadata')).toBeUndefined();
  });

  test('of containers-storage is a tenth, unless one is configured', () => {
    const of = (percent?: number) =>
      minimumFreesOf({ data: space(100, 65_536), metadata: space(50, 4096) }, undefined, percent, true);
    expect(of()).toEqual([
      { resource: 'data', origin: 'containers-storage', bytes: 10 * 65_536 },
      { resource: 'metadata', origin: 'containers-storage', bytes: 5 * 4096 },
    ]);
    expect(of(20)[0]).toEqual({ resource: 'data', origin: 'option', bytes: 20 * 65_536 });
    expect(of(0)).toEqual([]);
  });

  test('containers-storage is known by its own pool, and by the names of its volumes in another', () => {
    expect(isOfContainersStorage('containers-storage', [])).toBe(true);
    expect(isOfContainersStorage('lvm', [{ name: 'container-253:0-812-ab12' }])).toBe(true);
    expect(isOfContainersStorage('lvm', [{ name: 'vg-container' }])).toBe(false);
  });
});
