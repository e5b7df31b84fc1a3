import { describe, expect, test } from 'vitest';
import type { DockerInfo, LogicalVolume } from '../../../src/model/facts.ts';
import { dockerSpace, lvmSpace, sizeOfPool } from '../../../src/thinpool/reported-space.ts';

const lv: LogicalVolume = { vgName: 'vg', lvName: 'pool', role: 'pool', sizeBytes: 1_000_000 };
const docker: DockerInfo = {
  kind: 'docker',
  driver: 'devicemapper',
  poolUnreadable: false,
  loopback: false,
  dataUsedBytes: 7.039e9,
  dataSizeBytes: 10.2e9,
  dataAvailableBytes: 3.162e9,
};

describe('by LVM', () => {
  test('a share of the size, and how far it may be off', () => {
    expect(lvmSpace({ ...lv, dataPercent: 25 }, 'data')).toEqual({
      origin: 'lvm',
      roundingBytes: 50,
      sizeBytes: 1_000_000,
      usedBytes: 250_000,
      freeBytes: 750_000,
      availableBytes: 750_000,
    });
  });

  test('of a rounded size, with both roundings', () => {
    const { sizeBytes: _, ...rounded } = { ...lv, roundedSize: { bytes: 1_000_000, roundingBytes: 900 } };
    expect(lvmSpace({ ...rounded, dataPercent: 0 }, 'data')).toMatchObject({ roundingBytes: 950 });
  });

  test('of metadata, no more than the kernel can use', () => {
    const large = { ...lv, metadataPercent: 50, metadataSizeBytes: 2 ** 40 };
    expect(lvmSpace(large, 'metadata')?.sizeBytes).toBe(4_161_600 * 4096);
    expect(lvmSpace({ ...lv, metadataPercent: 50 }, 'metadata')).toBeUndefined();
  });

  test('nothing of a pool without usage, whose size is known all the same', () => {
    expect(lvmSpace(lv, 'data')).toBeUndefined();
    expect(lvmSpace(undefined, 'data')).toBeUndefined();
    expect(sizeOfPool({ lvm: lv }, 'data')).toBe(1_000_000);
    expect(sizeOfPool({ lvm: lv }, 'metadata')).toBeUndefined();
    expect(sizeOfPool({}, 'data')).toBeUndefined();
  });
});

describe('by Docker', () => {
  test('what is available is what is free, as it is rounded least', () => {
    expect(dockerSpace(docker, 'data')).toEqual({
      origin: 'docker',
      roundingBytes: 5_500_000,
      sizeBytes: 10.2e9,
      usedBytes: 7.039e9,
      freeBytes: 3.162e9,
      availableBytes: 3.162e9,
    });
  });

  test('less is what the file system under a loop file has, and not the pool', () => {
    const { freeBytes, availableBytes } = dockerSpace({ ...docker, dataAvailableBytes: 1e9 }, 'data') ?? {};
    expect([freeBytes, availableBytes]).toEqual([10.2e9 - 7.039e9, 1e9]);
  });

  test.each<[string, DockerInfo | undefined]>([
    ['no Docker', undefined],
    ['a pool that Docker cannot read', { ...docker, poolUnreadable: true }],
  ])('nothing of %s', (_, dockerInfo) => {
    expect(dockerSpace(dockerInfo, 'data')).toBeUndefined();
    expect(dockerSpace(docker, 'metadata')).toBeUndefined();
  });
});
