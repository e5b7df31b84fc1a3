import { describe, expect, it } from 'vitest';
import { createSelfRegistry } from '../../../src/metrics/process.ts';
import { knownMetrics } from '../alerts/known-metrics.ts';
import { selectorsOf } from '../alerts/promql.ts';
import { resultLabels } from '../alerts/result-labels.ts';
import { type Panel, queriesOf, shownPanels } from './dashboard.ts';
import { names, shipped } from './shipped.ts';
import { withIntervals } from './substitute.ts';

const target = ['cluster', 'instance', 'job'];
const own = (await createSelfRegistry('0').getMetricsAsJSON()).map(({ name }) => [name, target] as const);
const known = new Map<string, readonly string[]>([...own, ...knownMetrics]);

const labelsOf = (metric: string): readonly string[] => {
  const labels = known.get(metric);
  if (labels === undefined) throw new Error(`no metric ${metric}`);
  return labels;
};
const exprsOf = (name: string) =>
  queriesOf(shipped(name)).map(({ where, expr }) => [where, withIntervals(expr)] as const);
const has = (expr: string): readonly string[] => [...resultLabels(withIntervals(expr), labelsOf)];

describe.each(names)('%s', (name) => {
  it.each(exprsOf(name))('%s queries metrics and labels that exist', (_, expr) => {
    const selectors = selectorsOf(expr);
    expect(selectors).not.toEqual([]);
    for (const { metric, labels } of selectors)
      expect(labelsOf(metric)).toEqual(expect.arrayContaining([...labels]));
  });

  it.each(shownPanels(shipped(name)).map(({ title, targets = [] }) => [title, targets] as const))(
    '%s has the labels that its legends show',
    (_, targets) => {
      for (const { expr, legendFormat = '' } of targets) {
        const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
        expect(has(expr)).toEqual(expect.arrayContaining(named));
      }
    },
  );

  it.each(tablesOf(name))('%s has a column for each label and value, and no other', (_, panel) => {
    const { targets = [], transformations = [] } = panel;
    const { indexByName = {}, excludeByName = {} } = (transformations.find(({ id }) => id === 'organize')
      ?.options ?? {}) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    const value = (refId: string): string => (targets.length > 1 ? `Value #${refId}` : 'Value');
    const there = targets.flatMap(({ expr, refId }) => [...has(expr), value(refId)]);
    expect([...new Set(there)].filter((field) => !excludeByName[field]).toSorted()).toEqual(
      Object.keys(indexByName).toSorted(),
    );
  });

  it.each(tablesOf(name))(
    '%s joins its rows: what one query has the first has as well',
    (_, { targets = [] }) => {
      const [first, ...rest] = targets.map(({ expr }) => has(expr));
      for (const labels of rest) expect(first).toEqual(expect.arrayContaining([...labels]));
    },
  );
});

function tablesOf(name: string): (readonly [string, Panel])[] {
  return shownPanels(shipped(name))
    .filter(({ type }) => type === 'table')
    .map((panel) => [panel.title ?? '', panel] as const);
}
