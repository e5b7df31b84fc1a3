import { describe, expect, it } from 'vitest';
import type { Volume } from '../../../src/model/pool.ts';
import { spaceRules } from '../../../src/rules/space.ts';
import { judgeHost } from '../../support/judge-host.ts';
import { makeHost, makePool, makeSpace, makeVolume } from '../../support/makers.ts';
import { hostWith, tryEachCode, withCounters } from './each-code.ts';

const blocks = 3_276_800;
const mark = 32_768;
const MiB = 1024 ** 2;
const GiB = 1024 * MiB;
const data = makeSpace(blocks - 1600, blocks, 65_536);
const roomy = makeSpace(blocks / 2, blocks, 65_536);
const minimumFree = (bytes: number) => ({ resource: 'data', origin: 'docker', bytes }) as const;
const volume = (parts: Partial<Volume>): Volume => ({ ...makeVolume('253:7'), name: 'vg0-home', ...parts });
const backing = [{ resource: 'data', file: '/srv/pool.img' }] as const;

describe('space', () => {
  tryEachCode(spaceRules, {
    'below-minimum-free': {
      fires: hostWith({ data, minimumFrees: [minimumFree(100 * MiB + 1)] }),
      summary: 'pool vg0-data has 100 MiB of data free; the minimum is 100 MiB',
      quiet: hostWith({ data, minimumFrees: [minimumFree(100 * MiB)] }),
    },
    'host-file-system-low': {
      fires: hostWith({ data: { ...roomy, availableBytes: 99 * GiB }, backing }),
      summary:
        'pool vg0-data has 100 GiB of data free, but the file system that holds its loop file /srv/pool.img has only 99.0 GiB free',
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
  });

  const findingsOf = (host: ReturnType<typeof hostWith>) =>
    judgeHost(host, new Map(), { debounce: false }).findings;

  it('below the minimum ends when a little more is free', () => {
    let { since } = judgeHost(hostWith({ data, minimumFrees: [minimumFree(101 * MiB)] }));
    const next = (freeMiB: number) => {
      const now = makeSpace(blocks - freeMiB * 16, blocks, 65_536);
      const judged = judgeHost(hostWith({ data: now, minimumFrees: [minimumFree(101 * MiB)] }), since);
      since = judged.since;
      return judged.findings.find(({ code }) => code === 'below-minimum-free')?.summary;
    };
    expect(next(2048)).toBe(
      'pool vg0-data has 2.0 GiB of data free, hardly more than the minimum of 101 MiB',
    );
    expect(next(5000)).toBeUndefined();
    expect(next(2048)).toBeUndefined();
  });

  it('under a loop file is critical below the minimum', () => {
    const host = hostWith({
      data: { ...data, availableBytes: 49 * MiB },
      backing,
      minimumFrees: [minimumFree(50 * MiB)],
    });
    expect(findingsOf(host)[0]).toMatchObject({ code: 'host-file-system-low', severity: 'critical' });
  });

  it('under a loop file is critical when next to nothing is left, and that is one finding', () => {
    const critical = (availableBytes: number) =>
      findingsOf(hostWith({ data: { ...roomy, availableBytes }, backing }))
        .filter(({ severity }) => severity !== 'info')
        .map(({ code, severity }) => `${severity} ${code}`);
    expect(critical(0)).toEqual(['critical host-file-system-low']);
    expect(critical(GiB - 1)).toEqual(['critical host-file-system-low']);
    expect(critical(GiB)).toEqual(['warning host-file-system-low']);
  });

  it('below a minimum that Docker reported earlier is marked as last known', () => {
    const host = hostWith({ data, minimumFrees: [minimumFree(200 * MiB)], minimumFreeReportedAt: 900_000 });
    expect(findingsOf(host)[0]).toMatchObject({
      lastKnown: true,
      summary: 'pool vg0-data has 100 MiB of data free; the minimum is 200 MiB (as Docker last reported it)',
    });
  });

  it('is extended by the command for what is short', () => {
    const metadata = makeSpace(1000, 1024, 4096);
    const minimum = { resource: 'metadata', origin: 'derived', bytes: MiB } as const;
    const [short] = findingsOf(hostWith({ data, metadata, minimumFrees: [minimum] }));
    expect(short).toMatchObject({
      resource: 'metadata',
      advice: expect.stringMatching(/extend the pool: `lvextend --poolmetadatasize \+SIZE vg0\/data`\.$/),
    });
  });

  it('that is short in a pool without LVM has placeholders in its advice', () => {
    const host = makeHost({ pools: [makePool({ data, minimumFrees: [minimumFree(200 * MiB)] })] });
    expect(findingsOf(host)[0]?.advice).toMatch(/`lvextend -L \+SIZE VG\/POOL`\.$/);
  });
});
