import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/cli/doctor/diagnose.ts';
import { renderDiagnosis, worstOf } from '../../../src/cli/doctor/render.ts';
import { reportHost } from '../../../src/cli/report-host.ts';
import { unmatchedMinimumFrees } from '../../../src/thinpool/unmatched-minimum-frees.ts';
import { makeCollector, makeHost, makePool } from '../../support/makers.ts';

const host = makeHost({ pools: [makePool({ name: 'vg-pool' })], collectors: [makeCollector()] });
const minimumFree = [{ pool: 'vg-pol', percent: 5 }, { pool: 'vg-pool', percent: 5 }, { percent: 10 }];
const sentence =
  '--minimum-free=vg-pol=5%: no pool vg-pol on this host (pools: vg-pool); it applies if one appears';

describe('--minimum-free of a pool that the host does not have', () => {
  it('is named, with the pools that there are', () => {
    expect(unmatchedMinimumFrees(minimumFree, host)).toEqual([sentence]);
  });

  it('may be among the pools that are left out', () => {
    const excluded = '1 left out by --pools.include or --pools.exclude';
    expect(unmatchedMinimumFrees(minimumFree, { ...host, excludedPools: 1 })).toEqual([
      `--minimum-free=vg-pol=5%: no pool vg-pol is watched (pools: vg-pool; ${excluded}); it applies if one appears`,
    ]);
    expect(unmatchedMinimumFrees(minimumFree.slice(0, 1), { ...host, pools: [], excludedPools: 1 })).toEqual([
      `--minimum-free=vg-pol=5%: no pool vg-pol is watched (${excluded}); it applies if one appears`,
    ]);
  });

  it('is not judged while the pools are not known, nor for a pool that has just disappeared', () => {
    expect(unmatchedMinimumFrees(minimumFree, { ...host, discovered: false })).toEqual([]);
    const missingPools = [{ name: 'vg-pol', lastSeenAt: 0 }];
    expect(unmatchedMinimumFrees(minimumFree, { ...host, missingPools })).toEqual([]);
  });

  it('is logged once, and a warning of doctor', () => {
    const warned: object[] = [];
    reportHost(host, { warn: (fields: object) => void warned.push(fields), info: () => {} }, { minimumFree });
    expect(warned).toEqual([{ problem: sentence }]);
    const sections = diagnose({
      host,
      findings: [],
      tools: [],
      collectors: [],
      minimumFree,
      limits: { warningRatio: 0.85, lvmRefusal: 'warning', runsOutMs: 60_000 },
    });
    expect(renderDiagnosis(sections)).toContain(`warn  options: ${sentence}\n`);
    expect(worstOf(sections)).toBe(1);
  });
});
