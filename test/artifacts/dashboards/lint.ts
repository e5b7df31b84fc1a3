import * as units from '@grafana/grafana-foundation-sdk/units';
import { knownMetrics } from '../alerts/known-metrics.ts';
import { nodesOf, selectorsOf } from '../alerts/promql.ts';
import {
  type Dashboard,
  type DataSource,
  type Override,
  type Panel,
  queriesOf,
  shownPanels,
} from './dashboard.ts';
import { withIntervals } from './substitute.ts';

/** A rule of the lint: its complaints about a dashboard, none if all is well. */
type Rule = (dashboard: Dashboard) => readonly string[];

const allowed = {
  transformations: ['merge', 'organize'],
  matchers: ['byName', 'byFrameRefID'],
  properties: [
    'unit',
    'decimals',
    'min',
    'max',
    'mappings',
    'noValue',
    'thresholds',
    'links',
    'color',
    'custom.width',
    'custom.cellOptions',
    'custom.lineStyle',
    'custom.lineWidth',
  ],
  calcs: ['lastNotNull', 'max', 'min', 'mean'],
} as const;

const knownUnits = new Set<unknown>(Object.values(units));

/** What each kind of panel has to say itself, as the plugin's own defaults change. */
const explicitOptions: Readonly<Record<string, readonly string[]>> = {
  stat: ['colorMode', 'graphMode', 'justifyMode', 'textMode', 'orientation', 'reduceOptions'],
  timeseries: ['legend', 'tooltip'],
  'state-timeline': ['legend', 'tooltip', 'showValue', 'alignValue', 'mergeValues', 'rowHeight'],
  table: ['showHeader', 'cellHeight', 'sortBy'],
};

const ofPanels =
  (check: (panel: Panel) => readonly string[]): Rule =>
  (dashboard) =>
    shownPanels(dashboard).flatMap((panel) => check(panel).map((what) => `${panel.title}: ${what}`));

const ofExprs =
  (check: (expr: string, dashboard: Dashboard) => readonly string[]): Rule =>
  (dashboard) =>
    queriesOf(dashboard).flatMap(({ where, expr }) =>
      check(expr, dashboard).map((what) => `${where}: ${what}`),
    );

const overridesOf = ({ fieldConfig }: Panel): readonly Override[] => fieldConfig?.overrides ?? [];
const unlessIn = (list: readonly string[], values: readonly string[], what: string): readonly string[] =>
  values.filter((value) => !list.includes(value)).map((value) => `${what} ${value} is not allowed`);

export const rules = {
  'ids are unique': ({ panels }) =>
    repeated(panels.map(({ id }) => String(id))).map((id) => `id ${id} is there twice`),

  'uids are stable': ({ uid }) => (/^thinpool-[a-z]+$/.test(uid ?? '') ? [] : [`uid ${uid}`]),

  'refIds are unique': ofPanels(({ targets = [] }) => [
    ...repeated(targets.map(({ refId }) => refId)).map((refId) => `refId ${refId} is there twice`),
    ...targets.flatMap(({ refId }) => (/^[A-Z]$/.test(refId) ? [] : [`refId ${refId}`])),
  ]),

  'panels say what they are for': ofPanels(({ title = '', description = '', fieldConfig, targets = [] }) => [
    ...(title === '' ? ['no title'] : []),
    ...(description.split(/[.:]\s/).length < 2 ? ['the description does not say what to do'] : []),
    ...(fieldConfig?.defaults.noValue ? [] : ['does not say what no data means']),
    ...(targets.length === 0 ? ['has no query'] : []),
  ]),

  'panels have units that there are': ofPanels((panel) =>
    [
      panel.fieldConfig?.defaults.unit,
      ...overridesOf(panel).flatMap(({ properties }) =>
        properties.filter(({ id }) => id === 'unit').map(({ value }) => value),
      ),
    ].flatMap((unit) => (knownUnits.has(unit) ? [] : [`unit ${unit}`])),
  ),

  'options are explicit': ofPanels(({ type, options = {} }) =>
    (explicitOptions[type] ?? [`options of ${type}`])
      .filter((name) => options[name] === undefined)
      .map((name) => `leaves ${name} to the plugin`),
  ),

  'transformations, overrides and calcs are known': ofPanels((panel) => [
    ...unlessIn(
      allowed.transformations,
      (panel.transformations ?? []).map(({ id }) => id),
      'transformation',
    ),
    ...unlessIn(
      allowed.matchers,
      overridesOf(panel).map(({ matcher }) => matcher.id),
      'matcher',
    ),
    ...unlessIn(
      allowed.properties,
      overridesOf(panel).flatMap(({ properties }) => properties.map(({ id }) => id)),
      'property',
    ),
    ...unlessIn(allowed.calcs, calcsOf(panel), 'calc'),
  ]),

  'overrides meet what they are for': ofPanels((panel) => {
    const names = new Set([...shownNames(panel), ...(panel.targets ?? []).map(({ refId }) => refId)]);
    return overridesOf(panel)
      .map(({ matcher }) => String(matcher.options))
      .filter((name) => !names.has(name))
      .map((name) => `an override for ${name}, which is not there`);
  }),

  'sorted by a column that is there': ofPanels((panel) => {
    const sorted = (panel.options?.['sortBy'] ?? []) as readonly { displayName: string }[];
    return sorted
      .filter(({ displayName }) => !shownNames(panel).includes(displayName))
      .map(({ displayName }) => `sorted by ${displayName}, which is not there`);
  }),

  // What the panel says when it has no rows would appear in every empty cell.
  'columns say what an empty cell means': ofPanels((panel) =>
    panel.type !== 'table'
      ? []
      : shownNames(panel)
          .filter(
            (name) =>
              !overridesOf(panel).some(
                ({ matcher, properties }) =>
                  matcher.options === name && properties.some(({ id }) => id === 'noValue'),
              ),
          )
          .map((name) => `${name} does not`),
  ),

  'the data source is that of the variable': (dashboard) => [
    ...unlessChosen(
      'panel',
      shownPanels(dashboard).map(({ title, datasource }) => [title ?? '', datasource]),
    ),
    ...unlessChosen(
      'target of',
      shownPanels(dashboard).flatMap(({ title, targets = [] }) =>
        targets.map(({ datasource }) => [title ?? '', datasource] as const),
      ),
    ),
    ...unlessChosen(
      'variable',
      dashboard.templating.list
        .filter(({ type }) => type !== 'datasource')
        .map(({ name, datasource }) => [name, datasource]),
    ),
    ...unlessChosen(
      'annotation',
      dashboard.annotations.list.map(({ name, datasource }) => [name, datasource]),
    ),
    ...(dashboard.templating.list.some(({ type, name }) => type === 'datasource' && name === 'datasource')
      ? []
      : ['there is no variable datasource']),
  ],

  'no data source has a fixed uid': (dashboard) =>
    [...JSON.stringify(dashboard).matchAll(/"datasource":\{[^}]*"uid":"(?<uid>[^"]*)"/g)]
      .map(({ groups }) => groups?.['uid'] ?? '')
      .filter((uid) => !uid.startsWith('${'))
      .map((uid) => `the data source ${uid}`),

  'selectors hold to what is chosen': (dashboard) =>
    queriesOf(dashboard)
      .filter(({ where }) => !where.startsWith('variable'))
      .flatMap(({ where, expr }) =>
        selectorsOf(withIntervals(expr)).flatMap(({ metric, values }) =>
          ['cluster', 'instance', 'pool', 'collector']
            .filter((name) => dashboard.templating.list.some((variable) => variable.name === name))
            .filter((name) => knownMetrics.get(metric)?.includes(name))
            // A finding has a collector if it is about one.
            .filter((name) => !(metric.startsWith('thinpool_finding') && name === 'collector'))
            .filter((name) => !(metric.startsWith('thinpool_finding') && values[name] === ''))
            .filter((name) => !values[name]?.includes(`$${name}`))
            .map((name) => `${where}: ${metric} is not held to $${name}`),
        ),
      ),

  'lists are matched as regular expressions': ofExprs((written, { templating }) => {
    const expr = withIntervals(written);
    return nodesOf(expr, 'UnquotedLabelMatcher').flatMap((node) => {
      const text = expr.slice(node.from, node.to);
      const { name } = /\$\{?(?<name>\w+)/.exec(text)?.groups ?? {};
      const variable = templating.list.find((one) => one.name === name);
      if (variable === undefined) return [];
      const isList = variable.multi === true || variable.includeAll === true;
      // The empty alternative, for findings of a host, makes any of them an expression.
      const wants = isList || text.includes('|') ? '=~' : '=';
      const has = /^\w+\s*(?<operator>=~|!~|!=|=)/.exec(text)?.groups?.['operator'];
      return has === wants ? [] : [`${text} wants ${wants}`];
    });
  }),

  'All is everything': ({ templating }) =>
    templating.list
      // Few servers have clusters: there, no series has the label.
      .filter(({ includeAll }) => includeAll)
      .map(({ name, allValue }) => ({ name, allValue, wants: name === 'cluster' ? '.*' : '.+' }))
      .filter(({ allValue, wants }) => allValue !== wants)
      .map(({ name, wants }) => `All of ${name} is not ${wants}`),

  'lists have All': ({ templating }) =>
    templating.list
      .filter(({ multi, includeAll }) => multi === true && includeAll !== true)
      .map(({ name }) => `${name} has no All`),

  "rates are over Grafana's interval": ofExprs((expr) =>
    [...expr.matchAll(/\b(?:rate|irate|increase)\((?<of>[^[]*)\[(?<window>[^\]]+)\]/g)]
      .map(({ groups }) => groups?.['window'] ?? '')
      .filter((window) => window !== '$__rate_interval')
      .map((window) => `a rate over ${window}`),
  ),

  "ages are by the exporter's clock": ofExprs((expr) =>
    /\btime\(\)/.test(expr) ? ['uses the clock of Prometheus'] : [],
  ),

  // At a width of 1440 pixels; what does not fit is cut.
  'titles fit their panels': ofPanels(({ title = '', gridPos }) =>
    title.length > 6.5 * gridPos.w ? [`${title.length} characters in a width of ${gridPos.w}`] : [],
  ),

  'a logarithmic axis begins above 0': ofPanels(({ fieldConfig }) => {
    const { custom, min = 0, max } = fieldConfig?.defaults ?? {};
    if (custom?.scaleDistribution?.type !== 'log') return [];
    return [...(min > 0 ? [] : ['no lower bound above 0']), ...(max === undefined ? ['no upper bound'] : [])];
  }),

  'panels do not lie on each other': ({ panels }) =>
    panels.flatMap((panel, index) => [
      ...(panel.gridPos.x + panel.gridPos.w > 24 ? [`${panel.title} is wider than the page`] : []),
      ...panels
        .slice(index + 1)
        .filter((other) => overlap(panel.gridPos, other.gridPos))
        .map((other) => `${panel.title} lies on ${other.title}`),
    ]),

  'thresholds have a beginning, and rise': ofPanels((panel) =>
    thresholdsOf(panel).flatMap(({ steps }) => {
      const [first, ...rest] = steps.map(({ value }) => value);
      return [
        ...(first === null ? [] : ['the first threshold is not null']),
        ...(rest.every((value, at) => value !== null && (at === 0 || value > (rest[at - 1] ?? value)))
          ? []
          : ['thresholds do not rise']),
      ];
    }),
  ),
} satisfies Readonly<Record<string, Rule>>;

/** All that is wrong with a dashboard, by rule. */
export function lint(dashboard: Dashboard): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries<Rule>(rules)
      .map(([name, rule]) => [name, rule(dashboard)] as const)
      .filter(([, problems]) => problems.length > 0),
  );
}

function thresholdsOf(panel: Panel) {
  const all = [
    panel.fieldConfig?.defaults.thresholds,
    ...overridesOf(panel).flatMap(({ properties }) =>
      properties.filter(({ id }) => id === 'thresholds').map(({ value }) => value),
    ),
  ];
  return all.filter((one) => one !== undefined) as { steps: { value: number | null }[] }[];
}

function calcsOf({ options = {} }: Panel): readonly string[] {
  const holders = [options['legend'], options['reduceOptions']] as (
    | { calcs?: readonly string[] }
    | undefined
  )[];
  return holders.flatMap((holder) => holder?.calcs ?? []);
}

/** The names that columns are given, and of series without labels. */
function shownNames({ transformations = [], targets = [] }: Panel): readonly string[] {
  const renamed = transformations.flatMap(({ options }) =>
    Object.values((options['renameByName'] ?? {}) as Record<string, string>),
  );
  return [...renamed, ...targets.flatMap(({ legendFormat }) => (legendFormat ? [legendFormat] : []))];
}

function unlessChosen(what: string, of: readonly (readonly [string, DataSource | undefined])[]): string[] {
  return of
    .filter(([, source]) => source?.uid !== '${datasource}' || source.type !== 'prometheus')
    .map(([name]) => `${what} ${name} does not use the variable datasource`);
}

function repeated(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, at) => values.indexOf(value) !== at))];
}

function overlap(one: Panel['gridPos'], other: Panel['gridPos']): boolean {
  return (
    one.x < other.x + other.w &&
    other.x < one.x + one.w &&
    one.y < other.y + other.h &&
    other.y < one.y + one.h
  );
}
