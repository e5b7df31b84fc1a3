import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/model/finding.ts';
import type { Pool } from '../../../src/model/pool.ts';
import { evaluate, type Since } from '../../../src/rules/evaluate.ts';
import { defaultLimits, type Limits } from '../../../src/rules/limits.ts';
import { runningOutRules } from '../../../src/rules/running-out.ts';
import { describeTrends } from '../../../src/trend/history.ts';
import { makePool, makeSpace } from '../../support/makers.ts';
import { blockBytes, blocks, poolAt, Watch } from '../trend/fold.ts';

const [{ code }] = runningOutRules as [(typeof runningOutRules)[number]];
const pollSeconds = 5;

/** Used blocks by the second. */
type Fill = (second: number) => number;

const flatThen =
  (share: number, from: number, perSecond: number): Fill =>
  (second) =>
    blocks * Math.min(1, share + Math.max(0, second - from) * perSecond);

const minimumFrees: Pool['minimumFrees'] = [
  { resource: 'data', origin: 'docker', bytes: 0.1 * blocks * blockBytes },
];

interface Watched {
  readonly fill: Fill;
  readonly parts?: Partial<Pool>;
  readonly seconds: number;
  readonly limits?: Partial<Limits>;
}

/** The finding at every poll, as the exporter would report it. */
function watch({ fill, parts, seconds, limits }: Watched): readonly { at: number; found: Finding[] }[] {
  const seen = new Watch();
  let since: Since = new Map();
  return Array.from({ length: Math.floor(seconds / pollSeconds) + 1 }, (_, poll) => {
    const at = poll * pollSeconds;
    seen.see(at, poolAt(at, fill(at), parts));
    const trends = describeTrends(seen.history, seen.host);
    const judged = evaluate({ host: seen.host, trends }, since, { limits: { ...defaultLimits, ...limits } });
    since = judged.since;
    return { at, found: judged.findings.filter((finding) => finding.code === code) };
  });
}

/** When each limit was first reported. */
function firstOf(watched: Watched): Record<string, number> {
  const first: Record<string, number> = {};
  for (const { at, found } of watch(watched)) for (const { target } of found) first[target ?? ''] ??= at;
  return first;
}

describe('runs-out-in-minutes', () => {
  it.each<[string, Fill, Partial<Pool>, Record<string, number>]>([
    ['a sudden fill', flatThen(0.7, 100, 0.004), {}, { full: 120 }],
    ['a fast fill of what is left', flatThen(0.86, 60, 0.0012), {}, { full: 115 }],
    ['a fill that goes on for minutes', flatThen(0.55, 60, 0.0005), {}, { full: 605 }],
  ])('reports %s', (_, fill, parts, first) => {
    expect(firstOf({ fill, parts, seconds: 700 })).toEqual(first);
  });

  it('reports the minimum free space before the full pool', () => {
    const first = firstOf({ fill: flatThen(0.62, 60, 0.0005), parts: { minimumFrees }, seconds: 1000 });
    expect(first['minimum_free']).toBeLessThan(first['full'] ?? 0);
  });

  it.each<[string, Fill]>([
    ['a pull that ends', (second) => blocks * (0.3 + Math.min(0.1, Math.max(0, second - 60) * 0.01))],
    ['a slow leak', flatThen(0.5, 60, 0.0001)],
    ['nothing at all', () => blocks * 0.9],
    ['a pool that shrinks', (second) => blocks * (0.9 - second * 0.0001)],
  ])('is silent about %s', (_, fill) => {
    expect(firstOf({ fill, parts: { minimumFrees }, seconds: 700 })).toEqual({});
  });

  it('reports metadata earlier, as no ordinary workload fills it like this', () => {
    const metadata = (second: number) =>
      makeSpace(Math.round(28_672 * (0.25 + 0.004 * second)), 28_672, 4096);
    const seen = new Watch();
    for (let second = 0; second <= 30; second += pollSeconds)
      seen.see(second, makePool({ uuid: 'one', statusTakenAt: second * 1000, metadata: metadata(second) }));
    const trends = describeTrends(seen.history, seen.host);
    const { findings } = evaluate({ host: seen.host, trends }, new Map());
    expect(findings.filter((finding) => finding.code === code)).toMatchObject([
      { resource: 'metadata', target: 'full', severity: 'critical' },
    ]);
  });

  it('says how much is left and for how long', () => {
    const last = watch({ fill: flatThen(0.7, 100, 0.004), seconds: 125 }).at(-1);
    expect(last?.found).toMatchObject([
      {
        severity: 'critical',
        pool: 'docker-thinpool',
        resource: 'data',
        target: 'full',
        summary: expect.stringMatching(
          /^pool docker-thinpool is out of data space in 1m at the present growth: 12\.2 GiB of data left, growing by 2\d\d MiB\/s$/,
        ),
        secondsLeft: expect.closeTo(60, 0),
      },
    ]);
  });

  it('holds while growth pauses, and ends once the last five minutes would not fill the pool in an hour', () => {
    // From 120 s on, 22% are left.
    const fill: Fill = (second) => blocks * (0.7 + Math.min(0.08, Math.max(0, second - 100) * 0.004));
    const reported = watch({ fill, seconds: 4000 }).filter(({ found }) => found.length > 0);
    expect(reported[0]?.at).toBe(120);
    expect(reported.at(-1)?.at).toBe(400);
    expect(reported).toHaveLength((400 - 120) / pollSeconds + 1);
    // A time left would not be true any more.
    expect(reported.at(-1)?.found).toMatchObject([
      { summary: 'pool docker-thinpool was filling up within the last hour, and has 13.4 GiB of data left' },
    ]);
    expect(reported.at(-1)?.found[0]).not.toHaveProperty('secondsLeft');
  });

  it('takes the time to react from the option', () => {
    const fill = flatThen(0.62, 0, 0.00015);
    expect(firstOf({ fill, seconds: 1500 })).toEqual({});
    expect(firstOf({ fill, seconds: 1500, limits: { runsOutMs: 90 * 60_000 } })).toHaveProperty('full');
  });

  describe('of a pool that LVM extends', () => {
    const autoextend = (shortfallBytes: number, thresholdPercent = 80): Partial<Pool> => ({
      autoextend: {
        thresholdPercent,
        stepPercent: 20,
        enabled: true,
        steps: [{ resource: 'data', stepBytes: 1, neededBytes: 1, shortfallBytes }],
      },
      lvm: { vgName: 'vg', lvName: 'pool', role: 'pool', monitored: true },
    });
    const fill = flatThen(0.7, 100, 0.004);
    const reports = (parts: Partial<Pool>) => 'full' in firstOf({ fill, parts, seconds: 130 });

    it('waits while it will be extended, and no longer', () => {
      expect(reports(autoextend(0))).toBe(false);
      expect(reports(autoextend(1))).toBe(true);
      expect(reports(autoextend(0, 100))).toBe(true);
      expect(reports(autoextend(0, 65))).toBe(true);
      const { lvm: _, ...unmonitored } = autoextend(0);
      expect(reports(unmonitored)).toBe(true);
    });

    it('gives dmeventd 20 s to notice that usage has jumped past the threshold', () => {
      // 86% are used at 120 s: 5% past the threshold since about then.
      const jump = flatThen(0.78, 100, 0.004);
      const first = firstOf({ fill: jump, parts: autoextend(0), seconds: 150 });
      expect(firstOf({ fill: jump, parts: autoextend(1), seconds: 150 })['full']).toBeLessThan(120);
      expect(first['full']).toBeGreaterThanOrEqual(135);
      expect(first['full']).toBeLessThanOrEqual(145);
    });

    it('is silent for 20 s after an extension, although what LVM can still give is not known yet', () => {
      const outdated = { ...autoextend(0), roomOutdated: true as const };
      const seen = new Watch();
      let since: Since = new Map();
      const reported: number[] = [];
      for (let at = 0; at <= 60; at += pollSeconds) {
        const pool = poolAt(at, blocks * (0.5 + 0.008 * at), outdated);
        // Of a fifth more from 20 s on.
        const data = at < 20 ? pool.data : makeSpace(blocks * (0.5 + 0.008 * at), 1.2 * blocks, blockBytes);
        seen.see(at, { ...pool, ...(data && { data }) });
        const judged = evaluate({ host: seen.host, trends: describeTrends(seen.history, seen.host) }, since);
        since = judged.since;
        if (judged.findings.some((finding) => finding.code === code)) reported.push(at);
      }
      expect(reported.filter((at) => at >= 20)[0]).toBe(35);
    });
  });

  it('ends at the limit, where another finding begins', () => {
    const at = (share: number) => ({
      fill: flatThen(share, 100, 0.004),
      parts: { minimumFrees },
      seconds: 300,
    });
    const ends = (target: string) =>
      watch(at(0.7)).findLast(({ found }) => found.some((one) => one.target === target))?.at;
    // 90% are used at 150 s, and 100% at 175 s.
    expect(ends('minimum_free')).toBe(145);
    expect(ends('full')).toBe(170);
  });

  it('waits while usage only returns to where it has been', () => {
    // Up to 82% and back to 70%, every 50 minutes; with 10% kept free, 8% are left at the top.
    const period = 3000;
    const tooth: Fill = (second) => {
      const phase = (second % period) / period;
      return blocks * (0.7 + 0.12 * (phase < 0.8 ? phase / 0.8 : (1 - phase) / 0.2));
    };
    const parts = { minimumFrees };
    expect(firstOf({ fill: tooth, parts, seconds: 3 * period })).toEqual({});
    // The third one goes on.
    const outgrows: Fill = (second) =>
      second < 2 * period
        ? tooth(second)
        : blocks * Math.min(1, 0.7 + ((second - 2 * period) * 0.15) / period);
    const first = firstOf({ fill: outgrows, parts, seconds: 6 * period });
    expect(first['minimum_free']).toBeGreaterThan(2 * period);
    // Half the time to react before 90% are used, and all of it before the pool is full.
    const reachedAt = (share: number) => 2 * period + ((share - 0.7) / 0.15) * period;
    expect(reachedAt(0.9) - (first['minimum_free'] ?? 0)).toBeGreaterThan(450);
    expect(reachedAt(1) - (first['full'] ?? 0)).toBeGreaterThan(900);
  });

  it('wants half the time before the minimum free space', () => {
    const fill = flatThen(0.5, 60, 0.00022);
    const first = firstOf({ fill, parts: { minimumFrees }, seconds: 2400 });
    // 90% are used after 1878 s, and everything after 2333 s.
    expect(1878 - (first['minimum_free'] ?? 0)).toBeLessThan(620);
    expect(2333 - (first['full'] ?? 0)).toBeGreaterThan(900);
  });

  it.each<[number, number]>([
    [15, 3],
    [60, 4],
  ])('reports a sudden fill, polled every %i s, with the poll of number %i', (every, number) => {
    const seen = new Watch();
    let since: Since = new Map();
    const reported: number[] = [];
    // It begins with the poll of number 2, and ends with that of number 5.
    const perSecond = 0.3 / (3 * every);
    for (let poll = 0; poll < 5; poll += 1) {
      const at = poll * every;
      seen.see(at, poolAt(at, flatThen(0.7, 2 * every, perSecond)(at)));
      const judged = evaluate({ host: seen.host, trends: describeTrends(seen.history, seen.host) }, since);
      since = judged.since;
      if (judged.findings.some((finding) => finding.code === code)) reported.push(poll);
    }
    expect(reported[0]).toBe(number);
  });

  it('is silent about a pool whose space is not known now', () => {
    const seen = new Watch().follow(0, 150, flatThen(0.7, 100, 0.002));
    const { data: _, ...unread } = poolAt(155, 1);
    seen.see(155, unread);
    const trends = describeTrends(seen.history, seen.host);
    const { findings } = evaluate({ host: seen.host, trends }, new Map());
    expect(findings.filter((finding) => finding.code === code)).toEqual([]);
  });
});
