import { describe, expect, it } from 'vitest';
import type { Pool } from '../../../src/model/pool.ts';
import { judgeHost } from '../../support/judge-host.ts';
import { makeHost, makePool, makeSpace } from '../../support/makers.ts';
import { backing, blocks, data, GiB, MiB, minimumFree, roomy } from './cases/space.ts';
import { hostWith } from './each-code.ts';

describe('space', () => {
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

  it('below the minimum speaks of images and containers only where Docker uses the pool', () => {
    const adviceOn = (parts: Partial<Pool>) =>
      findingsOf(hostWith({ data, minimumFrees: [minimumFree(101 * MiB)], owner: 'lvm', ...parts })).find(
        ({ code }) => code === 'below-minimum-free',
      )?.advice;
    expect(adviceOn({})).toMatch(/^Remove snapshots and volumes that are not needed/);
    expect(adviceOn({ owner: 'docker' })).toMatch(/^Remove containers and images that are not needed/);
    expect(adviceOn({ minimumFreeReportedAt: 1 })).toMatch(
      /^Remove containers and images that are not needed/,
    );
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

it('a metadata snapshot is no finding while the exporter itself reads it', () => {
  const counters = { ...makePool().counters, heldMetadataRoot: 42 } as never;
  const pools = [makePool({ dmName: 'vg0-data-tpool', counters })];
  const codesWith = (holding: string | undefined) => {
    const exclusive = { spaces: [], outcomes: [], ...(holding !== undefined && { holding }) };
    const { findings } = judgeHost(makeHost({ pools, exclusive }), new Map(), { debounce: false });
    return findings.map(({ code }) => code);
  };
  expect(codesWith('vg0-data-tpool')).not.toContain('metadata-snapshot-held');
  // Not released, or another pool's.
  expect(codesWith(undefined)).toContain('metadata-snapshot-held');
  expect(codesWith('vg1-data-tpool')).toContain('metadata-snapshot-held');
});
