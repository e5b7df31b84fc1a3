import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { labelsOf } from '../../../src/alerting/labels.ts';
import { alerts } from '../../../src/alerting/names.ts';
import { groups } from '../../../src/alerting/prometheus/groups.ts';
import { parseDuration } from '../../../src/format/duration.ts';
import { rules as findings } from '../../../src/rules/evaluate.ts';
import { hostsDir } from '../../support/replayed.ts';
import { knownMetrics } from './known-metrics.ts';
import { selectorsOf } from './promql.ts';
import { resultLabels } from './result-labels.ts';

const runbooks = join(import.meta.dirname, '..', '..', '..', 'docs', 'runbooks');
const known = new Map(knownMetrics);
const records = groups.flatMap((group) => group.records);
const rules = groups.flatMap((group) => group.alerts);

const labelsOfMetric = (metric: string): readonly string[] => {
  const found = known.get(metric);
  if (found === undefined) throw new Error(`no metric ${metric}`);
  return found;
};

// In the order of the groups a record comes after what it is made of, but for the slow ones, which come first.
for (const { record, expr, labels } of records)
  known.set(record, [
    ...new Set([
      ...(known.get(record) ?? []),
      ...resultLabels(expr, labelsOfMetric),
      ...Object.keys(labels ?? {}),
    ]),
  ]);

describe('rules', () => {
  it.each([
    ...records.map(({ record, expr }) => [record, expr]),
    ...rules.map(({ alert, expr }) => [alert, expr]),
  ])('%s queries metrics and labels that exist', (_, expr) => {
    for (const { metric, labels } of selectorsOf(expr))
      for (const label of labels) expect(labelsOfMetric(metric)).toContain(label);
  });

  it.each(rules.map((rule) => [rule.alert, rule] as const))('%s names labels that it has', (_, rule) => {
    const has = new Set([...resultLabels(rule.expr, labelsOfMetric), ...Object.keys(labelsOf(rule))]);
    const named = [...`${rule.summary} ${rule.description}`.matchAll(/\$labels\.(\w+)/g)].map(
      ([, label]) => label,
    );
    expect([...has]).toEqual(expect.arrayContaining(named));
  });

  it.each(rules.map((rule) => [rule.alert, rule] as const))(
    '%s pages if, and only if, it is critical',
    (_, rule) => {
      const { severity, page } = labelsOf(rule);
      expect(['critical', 'warning', 'info', 'none']).toContain(severity);
      expect(page === 'true').toBe(severity === 'critical');
    },
  );

  it.runIf(existsSync(runbooks))('have a runbook each', () => {
    const missing = Object.keys(alerts).filter((name) => !existsSync(join(runbooks, `${name}.md`)));
    expect(missing).toEqual([]);
  });

  it('are of every name, and only of these', () => {
    expect(new Set(rules.map(({ alert }) => alert))).toEqual(new Set(Object.keys(alerts)));
  });

  it('have windows that are no multiple of a scrape interval', () => {
    for (const { expr } of [...rules, ...records])
      for (const [window] of expr.matchAll(/\[\w+\]/g))
        expect({ window, expr, isOdd: (parseDuration(window.slice(1, -1)) ?? 0) % 5000 !== 0 }).toMatchObject(
          {
            isOdd: true,
          },
        );
  });
});

describe('what the exporter says', () => {
  it('has a rule for every code and severity that a captured host shows', () => {
    const shown = readdirSync(hostsDir).flatMap((host) => [
      ...readFileSync(join(hostsDir, host, 'expected', 'metrics.prom'), 'utf8').matchAll(
        /^thinpool_finding\{code="(?<code>[^"]+)",severity="(?<severity>\w+)"/gm,
      ),
    ]);
    expect(shown.length).toBeGreaterThan(20);
    for (const { groups: of } of shown) {
      const { code = '', severity = '' } = of ?? {};
      const judged = findings.find((rule) => rule.code === code);
      const its = rules.filter(({ alert, severity: at }) => alert === judged?.alert && at === severity);
      const codes = its.flatMap(({ expr }) =>
        selectorsOf(expr).flatMap(({ values }) => values['code']?.split('|')),
      );
      expect({ code, severity, codes }).toMatchObject({ codes: expect.arrayContaining([code]) });
    }
  });
});
