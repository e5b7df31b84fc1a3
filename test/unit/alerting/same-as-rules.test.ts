import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { range } from '../../../alerts/source/promql.ts';
import { describeForecast, describeTime } from '../../../src/alerting/annotations.ts';
import { findingAlerts } from '../../../src/alerting/finding-alerts.ts';
import { alertsOfFindings } from '../../../src/alerting/from-findings.ts';
import { alertsOfTrends } from '../../../src/alerting/from-trends.ts';
import { findingMetrics } from '../../../src/metrics/finding.ts';
import { poolMetrics } from '../../../src/metrics/pool.ts';
import type { Finding } from '../../../src/model/finding.ts';
import type { Host } from '../../../src/model/host.ts';
import type { Pool } from '../../../src/model/pool.ts';
import { runbookOf } from '../../../src/rules/runbooks.ts';
import { describeTrends } from '../../../src/trend/history.ts';
import { type Case, host, type Series } from '../../artifacts/alerts/unit/case.ts';
import { failuresOf, neededFor, readRules } from '../../artifacts/alerts/unit/promtool.ts';
import { makePool } from '../../support/makers.ts';
import { describeWith } from '../../support/needs.ts';
import { tool } from '../../support/tools.ts';
import { blockBytes, blocks, poolAt, Watch } from '../trend/fold.ts';

const rules = readRules(
  readFileSync(join(import.meta.dirname, '..', '..', '..', 'alerts', 'thinpool.rules.yml'), 'utf8'),
);
const interval = 5;

/** What a finding can be about. */
const subjects: readonly Partial<Finding>[] = [
  {},
  { pool: 'vg-pool' },
  { pool: 'vg-pool', resource: 'metadata' },
  { pool: 'vg-pool', resource: 'data', vg: 'vg' },
  { collector: 'lvm' },
];

const critical = findingAlerts.filter(({ severity }) => severity === 'critical');

const finding = (code: string, subject: Partial<Finding>): Finding => ({
  code,
  severity: 'critical',
  summary: 'It is so.',
  advice: 'Do it.',
  since: 1,
  ...subject,
});

/** The finding as Prometheus scrapes it. */
function scraped(findings: readonly Finding[], samples: number): Series[] {
  const metric = findingMetrics.find(({ name }) => name === 'thinpool_finding');
  return (metric?.samples(findings) ?? []).map(({ labels, value }) => ({
    metric: 'thinpool_finding',
    labels: { ...labels, ...host },
    values: [[value, samples]],
  }));
}

describeWith('promtool')('what is posted for findings is what the shipped rules raise', () => {
  it.each(critical.map((alert) => [alert.alert, alert] as const))(
    '%s, in labels and in words',
    async (about, { codes }) => {
      const cases = codes.flatMap((code, at) => {
        // Each code with one subject, and the first one with all.
        const own = at === 0 ? subjects : subjects.slice(2, 3);
        return own.map((subject): Case => {
          const findings = [finding(code, subject)];
          const raised = alertsOfFindings(findings, host, 1);
          expect(raised).toHaveLength(1);
          const { alertname, ...labels } = raised[0]!.labels;
          expect(alertname).toBe(about);
          return {
            what: `${code} ${JSON.stringify(subject)}`,
            about,
            interval,
            alone: true,
            series: scraped(findings, 6),
            checks: [{ at: 10, expects: { labels, annotations: raised[0]!.annotations } }],
          };
        });
      });
      expect(await failuresOf(tool('promtool'), neededFor(about, rules), cases)).toBe('');
    },
    60_000,
  );

  it('makes one of findings that the rules make one of', async () => {
    const findings = [
      finding('metadata-full', { pool: 'p', resource: 'data' }),
      finding('data-full-queueing', { pool: 'p', resource: 'data', since: 7 }),
      finding('data-full', { pool: 'p', resource: 'metadata' }),
    ];
    const raised = alertsOfFindings(findings, host, 9);
    expect(raised.map(({ labels, since }) => [labels['resource'], since])).toEqual([
      ['data', 1],
      ['metadata', 1],
    ]);
    expect(raised[0]?.annotations['description']).toMatch(/Findings: data-full-queueing metadata-full\.$/);
    const about = 'ThinPoolFull';
    const fires = raised.map(({ labels: { alertname, ...labels } }) => labels);
    const series = scraped(findings, 6);
    const one: Case = { what: 'together', about, interval, alone: true, series, checks: [{ at: 10, fires }] };
    expect(await failuresOf(tool('promtool'), neededFor(about, rules), [one])).toBe('');
  });
});

it('raises nothing for what does not page, and nothing without a code of ours', () => {
  const of = (parts: Partial<Finding>) => alertsOfFindings([{ ...finding('x', {}), ...parts }], host, 1);
  expect(of({ code: 'autoextend-no-room', severity: 'warning', pool: 'p' })).toEqual([]);
  expect(of({ code: 'autoextend-off', severity: 'info', pool: 'p' })).toEqual([]);
  expect(of({ code: 'of-another-release' })).toEqual([]);
  expect(of({ code: 'autoextend-no-room', pool: 'p' })).toHaveLength(1);
});

const spaceRows = poolMetrics.filter(({ name }) =>
  /^thinpool_(data|metadata)_(used|size|free|available)_bytes$|^thinpool_minimum_free_bytes$/.test(name),
);

/** Series of all that was seen, a sample for every poll. */
function scrapedHosts(hosts: readonly Host[]): Series[] {
  const series = new Map<string, { metric: string; labels: Record<string, string>; values: [number, 1][] }>();
  for (const seen of hosts)
    for (const { name, samples } of spaceRows)
      for (const { labels, value } of samples(seen)) {
        const key = JSON.stringify([name, labels]);
        const one = series.get(key) ?? { metric: name, labels: { ...labels, ...host }, values: [] };
        one.values.push([value, 1]);
        series.set(key, one);
      }
  return [...series.values()];
}

/** Used blocks by the second. */
type Fill = (second: number) => number;
const flatThen =
  (share: number, from: number, perSecond: number): Fill =>
  (second) =>
    blocks * Math.min(1, share + Math.max(0, second - from) * perSecond);
const minimumFree: Partial<Pool> = {
  minimumFrees: [{ resource: 'data', origin: 'docker', bytes: 0.1 * blocks * blockBytes }],
};

/** Stories with the targets that page, in the order in which they do. */
const stories: readonly [string, Fill, Partial<Pool>, readonly string[]][] = [
  ['a sudden fill', flatThen(0.7, 100, 0.01), {}, ['full']],
  ['a fast fill that goes on', flatThen(0.8, 60, 0.0011), {}, ['full']],
  ['a fill that goes on for minutes', flatThen(0.55, 60, 0.0005), {}, ['full']],
  ['a fill to the minimum free', flatThen(0.62, 60, 0.0005), minimumFree, ['minimum_free']],
  ['a pull that ends', (second) => blocks * (0.3 + Math.min(0.1, Math.max(0, second - 60) * 0.01)), {}, []],
  ['a slow leak', flatThen(0.5, 60, 0.0001), {}, []],
  ['nothing at all', () => blocks * 0.9, minimumFree, []],
];

describeWith('promtool')('what is posted for a forecast is what the shipped rules raise', () => {
  it.each(stories)('%s', async (what, used, parts, ends) => {
    const watch = new Watch();
    const hosts: Host[] = [];
    let first: { at: number; labels: Record<string, string>[] } | undefined;
    const long = ends.length > 0 ? 700 : 250;
    for (let second = 0; second <= long && first === undefined; second += interval) {
      watch.see(second, poolAt(second, used(second), parts));
      hosts.push(watch.host);
      const raised = alertsOfTrends(watch.host, describeTrends(watch.history, watch.host), host);
      if (raised.length > 0)
        first = { at: second, labels: raised.map(({ labels: { alertname, ...rest } }) => rest) };
    }
    expect(first?.labels.map((labels) => labels['target']) ?? []).toEqual(ends);
    const about = 'ThinPoolRunsOutInMinutes';
    const at = first?.at ?? hosts.length * interval - interval;
    const one: Case = {
      what,
      about,
      interval,
      alone: true,
      series: scrapedHosts(hosts),
      checks: [{ at, fires: first?.labels ?? [] }],
    };
    expect(await failuresOf(tool('promtool'), neededFor(about, rules), [one])).toBe('');
  });
});

describeWith('promtool')('the text of a forecast is that of the shipped rules', () => {
  it.each([0.4, 46.4, 59, 121.5, 147.3])('%d s before the end', async (seconds) => {
    const about = 'ThinPoolRunsOutInMinutes';
    const samples = 6;
    const of = { ...host, pool: 'vg-pool', resource: 'data' };
    const steady = (metric: string, labels: Record<string, string>, value: number): Series => ({
      metric,
      labels: { ...of, ...labels },
      values: [[value, samples]],
    });
    const series = [
      steady('thinpool:left_bytes', { target: 'full' }, 1000),
      steady('thinpool:left_ratio', { target: 'full' }, 0.1),
      ...(['suddenWindow', 'shortWindow'] as const).map((window) =>
        steady('thinpool:growth_bytes_per_second', { window: range(window) }, 1000 / seconds),
      ),
    ];
    const texts = describeForecast('data', 'full', {
      subject: `Pool vg-pool on ${host.instance}`,
      left: '1000B',
      time: describeTime(seconds),
    });
    const expects = {
      labels: { ...of, severity: 'critical', page: 'true', target: 'full' },
      annotations: { ...texts, runbook_url: runbookOf(about) },
    };
    const one: Case = { what: about, about, interval, alone: true, series, checks: [{ at: 10, expects }] };
    expect(await failuresOf(tool('promtool'), neededFor(about, rules), [one])).toBe('');
  });
});

describe('a forecast', () => {
  const forecast = (parts: Partial<Pool>, hostParts: Partial<Host> = {}) => {
    const watch = new Watch().follow(0, 150, flatThen(0.7, 100, 0.002), parts);
    const seen = { ...watch.host, ...hostParts };
    return alertsOfTrends(seen, describeTrends(watch.history, seen), host);
  };
  const autoextend = (shortfallBytes: number, thresholdPercent = 80) => ({
    autoextend: {
      thresholdPercent,
      stepPercent: 20,
      enabled: true,
      steps: [{ resource: 'data' as const, stepBytes: 1, neededBytes: 1, shortfallBytes }],
    },
    lvm: { ...makePool().lvm, vgName: 'vg', lvName: 'pool', monitored: true } as NonNullable<Pool['lvm']>,
  });

  it('says how much is left and how long, and what comes then', () => {
    expect(forecast({}).map(({ annotations }) => annotations)).toEqual([
      {
        summary: 'Pool docker-thinpool on host:10058 runs out of data space in 2m 0s',
        description:
          '12.2 GiB of data left, used up in 2m 0s at the current growth rate. Then writes hang, then fail.',
        runbook_url: expect.stringMatching(/ThinPoolRunsOutInMinutes\.md$/),
      },
    ]);
  });

  it('waits while LVM will extend the pool, and no longer', () => {
    expect(forecast(autoextend(0))).toEqual([]);
    expect(forecast(autoextend(1))).toHaveLength(1);
    expect(forecast(autoextend(0, 100))).toHaveLength(1);
    expect(forecast(autoextend(0, 70))).toHaveLength(1);
    const { autoextend: plan } = autoextend(0);
    expect(forecast({ autoextend: plan })).toHaveLength(1);
  });

  it('is none of a host or a pool that is not known now', () => {
    expect(forecast({}, { discovered: false })).toEqual([]);
    const { data, ...unread } = poolAt(150, 1);
    expect(forecast({}, { pools: [unread] })).toEqual([]);
  });
});
