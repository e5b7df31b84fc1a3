import { expect, it } from 'vitest';
import { groups } from '../../../src/alerting/prometheus/groups.ts';
import { kubernetesGroup } from '../../../src/alerting/prometheus/kubernetes.ts';
import { catalogue } from '../../../src/metrics/catalogue.ts';
import { findingMetrics } from '../../../src/metrics/finding.ts';
import type { Essential } from '../../../src/model/metric.ts';
import { queriesOf } from '../dashboards/dashboard.ts';
import { names, shipped } from '../dashboards/shipped.ts';
import { withIntervals } from '../dashboards/substitute.ts';
import { selectorsOf } from './promql.ts';

const partly = new Map<string, Essential>(
  [...catalogue.flatMap((section) => section.metrics), ...findingMetrics].flatMap(({ name, essential }) =>
    essential === undefined ? [] : [[name, essential] as const],
  ),
);

const reads = (exprs: readonly string[]) =>
  [...new Set(exprs.flatMap((expr) => selectorsOf(expr)).map(({ metric }) => metric))].filter((metric) =>
    partly.has(metric),
  );

it('every metric of a rule is exported in full by default', () => {
  const rules = [...groups, kubernetesGroup].flatMap(({ records, alerts }) => [...records, ...alerts]);
  expect(reads(rules.map(({ expr }) => expr))).toEqual([]);
});

it.each(names)('%s shows nothing that is not exported by default', (name) => {
  const exprs = queriesOf(shipped(name)).map(({ expr }) => withIntervals(expr));
  const missing = reads(exprs).filter((metric) => partly.get(metric) === 'none');
  expect(missing).toEqual([]);
});
