import { describe, expect, it } from 'vitest';
import { renderCheck } from '../../../src/cli/check/render.ts';
import { renderCheckJson } from '../../../src/cli/check/render-json.ts';
import type { Finding } from '../../../src/model/finding.ts';
import type { Pool } from '../../../src/model/pool.ts';
import { defaultLimits } from '../../../src/rules/limits.ts';
import { rankPools } from '../../../src/rules/ranking.ts';
import { renderPage } from '../../../src/web/status-page/page.ts';
import { makeHost, makePool, makeSnapshot, makeSpace, makeUnknownPool } from '../../support/makers.ts';
import { cases, tracker } from '../../support/status-page-cases.ts';
import { serve } from '../web/serving.ts';

const named = (name: string, percent = 50): Pool =>
  makePool({ name, dmName: name, data: makeSpace(percent * 10, 1000, 65_536) });
const finding = (pool: string, severity: Finding['severity']): Finding => ({
  ...{ code: 'low-water-mark-passed', summary: '', advice: '' },
  ...{ pool, severity },
});
const trendOf = (pool: string, secondsToFull: number) => ({
  pool,
  fastest: [],
  data: { points: [], secondsToFull },
});

const names = (pools: readonly Pool[], parts: Partial<Parameters<typeof rankPools>[1]> = {}) =>
  rankPools(pools, { findings: [], pending: [], trends: [], ...parts }).map(({ pool }) => pool.name);

describe('pools are ranked', () => {
  it('by the worst finding, then what is unknown, then what is pending; notes do not count', () => {
    const pools = [
      named('noted'),
      named('calm', 60),
      named('waiting'),
      makeUnknownPool({ name: 'unseen' }),
      named('warned'),
      named('paged'),
    ];
    const findings = [finding('paged', 'critical'), finding('warned', 'warning'), finding('noted', 'info')];
    const pending = [{ ...finding('waiting', 'critical'), since: 0, reportedAt: 1 }];
    expect(names(pools, { findings, pending })).toEqual([
      'paged',
      'warned',
      'unseen',
      'waiting',
      'calm',
      'noted',
    ]);
  });

  it('by the time left among equal severities, before the share left', () => {
    const pools = [named('fuller', 90), named('soon', 10), named('later', 20), named('emptier', 5)];
    expect(names(pools, { trends: [trendOf('later', 90_000), trendOf('soon', 80_000)] })).toEqual([
      'soon',
      'later',
      'fuller',
      'emptier',
    ]);
  });

  it('by the share of the resource that has less left', () => {
    const scarce = makePool({ name: 'scarce', metadata: makeSpace(95, 100, 4096) });
    expect(names([named('full', 90), scarce])).toEqual(['scarce', 'full']);
  });

  it('before others of their severity if their space is not known, and after them if all is well', () => {
    const { data: _data, metadata: _metadata, ...blind } = makePool({ name: 'blind' });
    const findings = ['blind', 'full'].map((pool) => finding(pool, 'critical'));
    expect(names([named('full', 99), blind], { findings })).toEqual(['blind', 'full']);
    expect(names([blind, named('empty', 1)])).toEqual(['empty', 'blind']);
  });

  it('by a limit that is reached first, and not by a rough forecast', () => {
    const points = [0, 1000].map((at) => ({ at, usedBytes: at * 1000, sizeBytes: 1e9 }));
    const trends = [{ pool: 'burst', fastest: [], data: { points } }, trendOf('steady', 80_000)];
    expect(names([named('burst'), named('steady'), named('full', 100)], { trends })).toEqual([
      'full',
      'steady',
      'burst',
    ]);
  });

  it('as filling up where a fill in steps may page, unless LVM will extend the pool', () => {
    const pool = makePool({
      data: makeSpace(890, 1000, 65_536),
      ...{ lvm: { vgName: 'vg', lvName: 'pool', role: 'pool', monitored: true } },
    });
    const usedAt = (minute: number) => (minute < 30 ? 800 : 890) * 65_536;
    const points = Array.from({ length: 61 }, (_, minute) => ({
      ...{ at: minute * 60_000, usedBytes: usedAt(minute), sizeBytes: 1000 * 65_536 },
    }));
    const trends = [{ pool: pool.name, fastest: [], data: { points, bytesPerSecond: 0 } }];
    const urgencyOf = (one: Pool) => rankPools([one], { findings: [], pending: [], trends })[0]?.urgency;
    expect(urgencyOf(pool)).toBe('filling');
    expect(urgencyOf({ ...pool, data: makeSpace(840, 1000, 65_536) })).toBe('healthy');
    const steps = [{ resource: 'data', stepBytes: 1, neededBytes: 1, shortfallBytes: 0 }] as const;
    const autoextend = { enabled: true, thresholdPercent: 85, stepPercent: 20, steps };
    expect(urgencyOf({ ...pool, autoextend })).toBe('healthy');
  });

  it('by name if all else is equal', () => {
    expect(names([named('b'), named('c'), named('a')])).toEqual(['a', 'b', 'c']);
  });
});

describe('a host with many pools', () => {
  it('has its pools in the same order on the status page, in check, and in the JSON answers', async () => {
    const { latest, readiness, now } = await cases[tracker]!();
    const snapshot = latest();
    const expected = names(snapshot.host.pools, snapshot);
    expect(expected).toHaveLength(50);
    expect(expected).not.toEqual(snapshot.host.pools.map(({ name }) => name));

    const page = renderPage({
      ...{ version: '1', hostName: 'node1', telemetryPath: '/metrics', limits: () => defaultLimits },
      ...{ latest, readiness, now },
    }).markup;
    expect([...page.matchAll(/<article .*?<bdi>(.*?)<\/bdi>/gs)].map(([, name]) => name)).toEqual(expected);

    const checked = { ...snapshot, growth: [] };
    const [, table = ''] = renderCheck(checked).split('\n\n');
    expect(
      table
        .split('\n')
        .slice(1)
        .map((row) => row.split(' ')[0]),
    ).toEqual(expected);
    const namesIn = ({ pools }: { pools: readonly { name: string }[] }) => pools.map(({ name }) => name);
    expect(namesIn(JSON.parse(renderCheckJson(checked)))).toEqual(expected);

    const { get } = await serve({ latest, readiness, now });
    const answer = await (await get('/api/v1/pools')).json();
    expect(namesIn(answer)).toEqual(expected);
    expect(answer.trends.map(({ pool }: { pool: string }) => pool)).toEqual(expected);
  });

  it('has the same forecast for a pool on each of them', async () => {
    const pool = named('vg-pool');
    const snapshot = makeSnapshot({
      host: makeHost({ pools: [pool] }),
      findings: [{ ...finding('vg-pool', 'critical'), resource: 'data', target: 'full', secondsLeft: 46 }],
      trends: [trendOf('vg-pool', 50)],
    });
    const { get } = await serve({ latest: () => snapshot });
    expect((await (await get('/api/v1/pools')).json()).trends[0].data.secondsToFull).toBe(46);
    expect(await (await get('/')).text()).toContain('Full in 46s');
  });
});
