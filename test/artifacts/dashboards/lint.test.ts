import { describe, expect, it } from 'vitest';
import type { Dashboard } from './dashboard.ts';
import { lint, rules } from './lint.ts';
import { names, shipped } from './shipped.ts';

describe.each(names)('%s', (name) => {
  it('is as the rules want it', () => {
    expect(lint(shipped(name))).toEqual({});
  });
});

// biome-ignore lint/suspicious/noExplicitAny: broken on purpose, so that no type fits
type Loose = any;

/** For each rule, changes that break a dashboard and that it has to notice. */
const breaks: Readonly<Record<keyof typeof rules, readonly ((dashboard: Loose, panel: Loose) => void)[]>> = {
  'ids are unique': [(dashboard, panel) => (panel.id = dashboard.panels[0].id)],
  'uids are stable': [(dashboard) => (dashboard.uid = 'bf3x9'), (dashboard) => delete dashboard.uid],
  'refIds are unique': [
    (_, panel) => panel.targets.push(panel.targets[0]),
    (_, panel) => (panel.targets[0].refId = ''),
  ],
  'panels say what they are for': [
    (_, panel) => (panel.title = ''),
    (_, panel) => delete panel.description,
    (_, panel) => (panel.description = 'Space in use'),
    (_, panel) => delete panel.fieldConfig.defaults.noValue,
    (_, panel) => (panel.targets = []),
  ],
  'panels have units that there are': [
    (_, panel) => (panel.fieldConfig.defaults.unit = 'byte'),
    (_, panel) => delete panel.fieldConfig.defaults.unit,
    (_, panel) =>
      panel.fieldConfig.overrides.push({
        matcher: { id: 'byName', options: 'Pool' },
        properties: [{ id: 'unit', value: 'procent' }],
      }),
  ],
  'options are explicit': [
    (_, panel) => delete panel.options.sortBy,
    (_, panel) => (panel.type = 'piechart'),
  ],
  'transformations, overrides and calcs are known': [
    (_, panel) => panel.transformations.push({ id: 'merge2', options: {} }),
    (_, panel) => panel.fieldConfig.overrides[0].properties.push({ id: 'units', value: 's' }),
    (_, panel) => (panel.fieldConfig.overrides[0].matcher.id = 'byNames'),
    (_, panel) => (panel.options.legend = { calcs: ['last'] }),
    (_, panel) => (panel.options.reduceOptions = { calcs: ['final'] }),
  ],
  'overrides meet what they are for': [
    (_, panel) => (panel.fieldConfig.overrides[0].matcher.options = 'Wurst'),
  ],
  'sorted by a column that is there': [(_, panel) => (panel.options.sortBy[0].displayName = 'Value #A')],
  'columns say what an empty cell means': [
    (_, panel) => panel.fieldConfig.overrides.pop(),
    (_, panel) => (panel.fieldConfig.overrides[0].properties = []),
  ],
  'the data source is that of the variable': [
    (_, panel) => delete panel.datasource,
    (_, panel) => (panel.targets[0].datasource.uid = '${other}'),
    (_, panel) => (panel.datasource.type = 'loki'),
    (dashboard) => delete dashboard.templating.list[1].datasource,
    (dashboard) => dashboard.templating.list.shift(),
    (dashboard) => dashboard.annotations.list.push({ name: 'deploys' }),
  ],
  'no data source has a fixed uid': [
    (_, panel) => (panel.targets[0].datasource.uid = 'PBFA97CFB590B2093'),
    (dashboard) => (dashboard.annotations.list = [{ name: 'x', datasource: { uid: 'grafana' } }]),
  ],
  'selectors hold to what is chosen': [
    (_, panel) => (panel.targets[0].expr = 'thinpool_up{pool=~"$pool"}'),
    (_, panel) => (panel.targets[0].expr = 'sum(thinpool_up{instance=~"$instance"})'),
    (_, panel) => (panel.targets[0].expr = 'up'),
  ],
  'lists are matched as regular expressions': [
    (_, panel) => (panel.targets[0].expr = 'thinpool_up{instance="$instance",pool=~"$pool"}'),
    (dashboard) =>
      Object.assign(dashboard.templating.list[1], { multi: false, includeAll: false, allValue: undefined }),
  ],
  'All is everything': [
    (dashboard) => (dashboard.templating.list[1].allValue = '.+'),
    (dashboard) => (dashboard.templating.list[2].allValue = '.*'),
    (dashboard) => delete dashboard.templating.list[2].allValue,
  ],
  'lists have All': [(dashboard) => (dashboard.templating.list[1].includeAll = false)],
  "rates are over Grafana's interval": [
    (_, panel) => (panel.targets[0].expr = 'rate(process_cpu_seconds_total{instance=~"$instance"}[5m])'),
    (_, panel) =>
      (panel.targets[0].expr =
        'sum(increase(thinpool_collector_queries_total{instance=~"$instance"}[$__range]))'),
  ],
  "ages are by the exporter's clock": [
    (_, panel) =>
      (panel.targets[0].expr =
        'time() - thinpool_status_timestamp_seconds{instance=~"$instance",pool=~"$pool"}'),
  ],
  'titles fit their panels': [(_, panel) => (panel.gridPos.w = 2)],
  'a logarithmic axis begins above 0': [
    (_, panel) => (panel.fieldConfig.defaults.custom = { scaleDistribution: { type: 'log' } }),
    (_, panel) =>
      Object.assign(panel.fieldConfig.defaults, { custom: { scaleDistribution: { type: 'log' } }, min: 1 }),
  ],
  'panels do not lie on each other': [
    (_, panel) => (panel.gridPos.y -= 1),
    (_, panel) => (panel.gridPos.w = 25),
  ],
  'thresholds have a beginning, and rise': [
    (_, panel) => (panel.fieldConfig.defaults.thresholds.steps[0].value = 0),
    (_, panel) =>
      (panel.fieldConfig.defaults.thresholds.steps = [{ value: null }, { value: 2 }, { value: 1 }]),
    (_, panel) => {
      const { value } = panel.fieldConfig.overrides
        .flatMap(({ properties }: Loose) => properties)
        .find(({ id }: Loose) => id === 'thresholds');
      value.steps[0].value = 0;
    },
  ],
};

describe('the lint notices', () => {
  it.each(
    Object.entries(breaks).flatMap(([rule, variants]) =>
      variants.map((change, index) => [rule, index + 1, change] as const),
    ),
  )('%s, broken by change %i', (rule, _, change) => {
    const dashboard: Loose = shipped('thinpool-fleet');
    const panel = dashboard.panels.find(({ title }: Dashboard['panels'][0]) => title === 'Pools by severity');
    const check = rules[rule as keyof typeof rules];
    expect(check(dashboard)).toEqual([]);
    change(dashboard, panel);
    expect(check(dashboard)).not.toEqual([]);
  });
});
