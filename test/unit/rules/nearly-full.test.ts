import { describe, expect, it, test } from 'vitest';
import type { Finding } from '../../../src/model/finding.ts';
import type { Pool } from '../../../src/model/pool.ts';
import { defaultLimits } from '../../../src/rules/limits.ts';
import { judgeHost } from '../../support/judge-host.ts';
import { makeHost, makeSpace } from '../../support/makers.ts';
import { code, dataLeft, GiB, MiB } from './cases/nearly-full.ts';
import { hostWith, lvmPool } from './each-code.ts';

const metadataLeft = (blocks: number, of: number) => ({ metadata: makeSpace(of - blocks, of, 4096) });

describe('nearly full', () => {
  const found = (parts: Partial<Pool>, limits = defaultLimits): Finding[] =>
    judgeHost(hostWith(parts), new Map(), { debounce: false, limits }).findings.filter(
      (finding) => finding.code === code,
    );
  const told = (...given: Parameters<typeof found>) =>
    found(...given).map(({ severity, resource, target }) => `${severity} ${resource} ${target}`);

  test.each<[string, Partial<Pool>, string[]]>([
    ['gigabytes left are a ticket', dataLeft(1.5), ['warning data full']],
    ['less than 1 GiB and 2% is critical', dataLeft(1.9, 50 * GiB), ['critical data full']],
    ['less than 1 GiB alone is not', dataLeft(5, 10 * GiB), ['warning data full']],
    ['one block left', { data: makeSpace(3_276_799, 3_276_800, 65_536) }, ['critical data full']],
    ['a full pool has other findings', { data: makeSpace(3_276_800, 3_276_800, 65_536) }, []],
    ['few of the largest chunks', { data: makeSpace(985, 1000, GiB) }, ['critical data full']],
    ['metadata below what LVM wants free', metadataLeft(1000, 28_672), ['critical metadata full']],
    ['metadata with 10% left', metadataLeft(2867, 28_672), ['warning metadata full']],
    ['4 MiB of the largest metadata', metadataLeft(1020, 4_145_152), ['critical metadata full']],
    ['1% of the largest metadata', metadataLeft(41_451, 4_145_152), ['warning metadata full']],
  ])('%s', (_, parts, expected) => {
    expect(told(parts)).toEqual(expected);
  });

  const minimum = (percent: number): Partial<Pool> => ({
    minimumFrees: [{ resource: 'data', origin: 'docker', bytes: (percent / 100) * 200 * GiB }],
  });

  it('warns near the minimum free space, and not below it, where another finding does', () => {
    expect(told({ ...dataLeft(24), ...minimum(20) })).toEqual(['warning data minimum_free']);
    expect(found({ ...dataLeft(24), ...minimum(20) })[0]?.summary).toBe(
      'pool vg0-data has 8.0 GiB of data left above its minimum free',
    );
    expect(told({ ...dataLeft(26), ...minimum(20) })).toEqual([]);
    expect(told({ ...dataLeft(19), ...minimum(20) })).toEqual([]);
  });

  it('is one finding for one space: near both limits, the full pool counts', () => {
    expect(told({ ...dataLeft(12), ...minimum(10) })).toEqual(['warning data full']);
  });

  it('waits while LVM is about to extend the pool', () => {
    const lvm = { vgName: 'vg0', lvName: 'data', role: 'pool', monitored: true } as const;
    const autoextend = (thresholdPercent: number, shortfallBytes: number) => ({
      thresholdPercent,
      stepPercent: 20,
      enabled: true,
      steps: [{ resource: 'data' as const, stepBytes: GiB, neededBytes: GiB, shortfallBytes }],
    });
    expect(told({ ...dataLeft(9), lvm, autoextend: autoextend(90, 0) })).toEqual([]);
    expect(told({ ...dataLeft(9), lvm, autoextend: autoextend(90, GiB) })).toEqual(['warning data full']);
    expect(told({ ...dataLeft(4), lvm, autoextend: autoextend(90, 0) })).toEqual(['warning data full']);
    // Figures from before the last extension, or from before LVM fell silent, promise nothing.
    for (const old of [{ roomOutdated: true }, { lvmLastKnown: true }] as const)
      expect(told({ ...dataLeft(9), lvm, autoextend: autoextend(90, 0), ...old })).toEqual([
        'warning data full',
      ]);
  });

  it('takes its limits from the options', () => {
    const limits = { ...defaultLimits, warningRatio: 0.7, criticalRatio: 0.8 };
    expect(told(dataLeft(35), limits)).toEqual([]);
    expect(told(dataLeft(29), limits)).toEqual(['warning data full']);
    expect(told(dataLeft(19), limits)).toEqual(['critical data full']);
  });

  it('advises a size that the VG can give, by the owner of the pool', () => {
    const pv = { name: '/dev/sda', freeBytes: 16 * GiB, allocatable: true, missing: false };
    const volumeGroup = {
      ...{ vgName: 'vg0', sizeBytes: 300 * GiB, freeBytes: 16 * GiB, extentBytes: 4 * MiB, pvNames: [] },
      pvs: [pv],
    };
    const layouts = { data: { areas: 1, dataAreas: 1 } };
    expect(found({ ...dataLeft(10), volumeGroup, layouts })[0]?.advice).toMatch(
      /^Extend the pool: `lvextend -L \+10G vg0\/data` \(VG vg0 has 16\.0 GiB free\); or delete/,
    );
    const stratis = found({ ...dataLeft(10), owner: 'stratis' })[0]?.advice;
    expect(stratis).toMatch(/^Make room: add a disk to it with `stratis pool add-data`/);
    expect(stratis).not.toContain('lvextend');
  });
});

describe('over time', () => {
  const at = (seconds: number, percent: number, size?: number) =>
    makeHost({ takenAt: seconds * 1000, pools: [lvmPool(dataLeft(percent, size))] });
  const severities = (findings: readonly Finding[]) =>
    findings.filter((finding) => finding.code === code).map(({ severity }) => severity);

  it('is a warning after half an hour, and critical at once', () => {
    const start = judgeHost(at(0, 10));
    expect(severities(start.findings)).toEqual([]);
    expect(severities(judgeHost(at(1799, 10), start.since).findings)).toEqual([]);
    expect(severities(judgeHost(at(1800, 10), start.since).findings)).toEqual(['warning']);
    expect(severities(judgeHost(at(0, 1, 50 * GiB)).findings)).toEqual(['critical']);
  });

  it('ends only at a better value than the one at which it began', () => {
    let { since } = judgeHost(at(0, 14));
    const next = (seconds: number, percent: number, size?: number) => {
      const judged = judgeHost(at(seconds, percent, size), since);
      since = judged.since;
      return severities(judged.findings);
    };
    expect(next(1800, 14)).toEqual(['warning']);
    expect(next(1805, 16)).toEqual(['warning']);
    expect(next(1810, 17.5)).toEqual([]);
    // Gone for long enough that a return is a new one.
    expect(next(1900, 16)).toEqual([]);
    expect(next(2000, 1, 50 * GiB)).toEqual(['critical']);
    expect(next(2005, 3, 50 * GiB)).toEqual(['critical']);
    expect(next(2010, 4.5, 50 * GiB)).not.toContain('critical');
  });
});
