import type { Volume } from '../../../../src/model/pool.ts';
import { makeSpace, makeVolume } from '../../../support/makers.ts';
import { type CodeCases, hostWith, withCounters } from '../each-code.ts';

export const blocks = 3_276_800;
const mark = 32_768;
export const MiB = 1024 ** 2;
export const GiB = 1024 * MiB;
export const data = makeSpace(blocks - 1600, blocks, 65_536);
export const roomy = makeSpace(blocks / 2, blocks, 65_536);
export const minimumFree = (bytes: number) => ({ resource: 'data', origin: 'docker', bytes }) as const;
const volume = (parts: Partial<Volume>): Volume => ({ ...makeVolume('253:7'), name: 'vg0-home', ...parts });
export const backing = [{ resource: 'data', file: '/srv/pool.img' }] as const;

export const spaceCases: CodeCases = {
  'below-minimum-free': {
    fires: hostWith({ data, minimumFrees: [minimumFree(100 * MiB + 1)] }),
    summary: 'pool vg0-data has 100 MiB of data free; the minimum is 100 MiB',
    quiet: hostWith({ data, minimumFrees: [minimumFree(100 * MiB)] }),
  },
  'host-file-system-low': {
    fires: hostWith({ data: { ...roomy, availableBytes: 99 * GiB }, backing }),
    summary:
      'pool vg0-data has 100 GiB of data free, but only 99.0 GiB more can be written to its loop file /srv/pool.img: the file system under it has no room for the rest',
    severity: 'warning',
    quiet: hostWith({ data: roomy, backing }),
  },
  'low-water-mark-passed': {
    fires: hostWith({ data: makeSpace(blocks - mark, blocks, 65_536) }),
    summary: 'pool vg0-data has 2.0 GiB of data free; its low water mark is 2.0 GiB',
    quiet: hostWith({ data: makeSpace(blocks - mark - 1, blocks, 65_536) }),
  },
  'metadata-before-data': {
    fires: hostWith(
      withCounters({
        dataUsedBlocks: 5000,
        dataBlocks: 10_000,
        metadataUsedBlocks: 600,
        metadataBlocks: 1000,
      }),
    ),
    summary: 'pool vg0-data will need 4.7 MiB of metadata when its data is full, and has 3.9 MiB',
    quiet: hostWith(
      withCounters({
        dataUsedBlocks: 5000,
        dataBlocks: 10_000,
        metadataUsedBlocks: 500,
        metadataBlocks: 1000,
      }),
    ),
  },
  'resize-pending': {
    fires: hostWith({ lengthSectors: 128 * (blocks + 16_384) }),
    summary: 'pool vg0-data uses only 200 GiB of its device of 201 GiB',
    // Less than a block more cannot be used.
    quiet: hostWith({ lengthSectors: 128 * blocks + 127 }),
  },
  'pool-suspended': {
    fires: hostWith({ suspended: true }),
    summary: 'pool vg0-data is suspended: all I/O waits',
    quiet: hostWith({ volumes: [volume({ suspended: true })] }),
  },
  'volume-suspended': {
    fires: hostWith({ volumes: [volume({ suspended: true }), volume({ name: 'vg0-root' })] }),
    summary: 'pool vg0-data has 1 suspended volume: vg0-home',
    quiet: hostWith({ suspended: true, volumes: [volume({})] }),
  },
  'volume-failed': {
    fires: hostWith({ volumes: [volume({ state: 'failed' }), volume({ state: 'unreadable' })] }),
    summary: 'pool vg0-data has 2 failed volumes, for example vg0-home',
    // Of a failed pool every volume is failed: that is the finding on the pool.
    quiet: hostWith({ state: 'failed', volumes: [volume({ state: 'failed' })] }),
  },
  'metadata-snapshot-held': {
    fires: hostWith(withCounters({ heldMetadataRoot: 42 })),
    summary: 'pool vg0-data has a reserved metadata snapshot',
    quiet: hostWith(),
  },
};
