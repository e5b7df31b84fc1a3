import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findingAlerts } from '../../../src/alerting/finding-alerts.ts';
import { alertsOfFindings } from '../../../src/alerting/from-findings.ts';
import { findingMetrics } from '../../../src/metrics/finding.ts';
import { type Finding, targets } from '../../../src/model/finding.ts';
import { type Case, host, type Series } from '../../artifacts/alerts/unit/case.ts';
import { failuresOf, neededFor, readRules } from '../../artifacts/alerts/unit/promtool.ts';
import { describeWith } from '../../support/needs.ts';
import { tool } from '../../support/tools.ts';

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

it('links to the runbook of the finding, wherever the operator keeps it', () => {
  const runbook = 'https://wiki.example/ThinPoolFailed.html';
  const linkOf = (parts: Partial<Finding>) =>
    alertsOfFindings([{ ...finding('pool-failed', { pool: 'p' }), ...parts }], host, 1)[0]?.annotations[
      'runbook_url'
    ];
  expect(linkOf({ runbook })).toBe(runbook);
  expect(linkOf({})).toMatch(/\/docs\/runbooks\/ThinPoolFailed\.md$/);
});

it('raises nothing for what does not page, and nothing without a code of ours', () => {
  const of = (parts: Partial<Finding>) => alertsOfFindings([{ ...finding('x', {}), ...parts }], host, 1);
  expect(of({ code: 'autoextend-no-room', severity: 'warning', pool: 'p' })).toEqual([]);
  expect(of({ code: 'autoextend-off', severity: 'info', pool: 'p' })).toEqual([]);
  expect(of({ code: 'of-another-release' })).toEqual([]);
  expect(of({ code: 'autoextend-no-room', pool: 'p' })).toHaveLength(1);
});

describeWith('promtool')('what is posted for space that runs out is what the shipped rules say', () => {
  const about = 'ThinPoolRunsOutInMinutes';
  const times = [undefined, 0.4, 46.4, 59, 121.5, 147.3, 3700];
  it.each(times.flatMap((seconds) => targets.map((target) => ({ seconds, target }))))(
    '$seconds s before the limit $target',
    async ({ seconds, target }) => {
      const subject = { pool: 'vg-pool', resource: 'data', target } as const;
      const found = finding('runs-out-in-minutes', { ...subject, ...(seconds && { secondsLeft: seconds }) });
      const [raised] = alertsOfFindings([found], host, 1);
      const { alertname, ...labels } = raised!.labels;
      const timeLeft: Series[] =
        seconds === undefined
          ? []
          : [
              {
                metric: 'thinpool_time_left_seconds',
                labels: { ...subject, ...host },
                values: [[seconds, 6]],
              },
            ];
      const one: Case = {
        what: alertname,
        about,
        interval,
        alone: true,
        series: [...scraped([found], 6), ...timeLeft],
        checks: [{ at: 10, expects: { labels, annotations: raised!.annotations } }],
      };
      expect(labels).toMatchObject({ ...subject, severity: 'critical', page: 'true' });
      expect(await failuresOf(tool('promtool'), neededFor(about, rules), [one])).toBe('');
    },
  );
});
