import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  AxisPlacement,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  type DataSourceRef,
  FieldTextAlignment,
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  LineInterpolation,
  PercentChangeColorMode,
  ReduceDataOptionsBuilder,
  ScaleDistribution,
  type ScaleDistributionConfig,
  ScaleDistributionConfigBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TableCellHeight,
  TableSortByFieldStateBuilder,
  TimelineValueAlignment,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type DynamicConfigValue,
  FieldColorBuilder,
  FieldColorModeId,
  type Panel,
  type ThresholdsConfig,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import {
  DataqueryBuilder,
  PromQueryFormat,
  QueryEditorMode,
} from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as StatesBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as LinesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { type Colour, plain } from './colours.ts';
import type { CellLink } from './links.ts';

export const datasource: DataSourceRef = { type: 'prometheus', uid: '${datasource}' };

/** Set on every panel. Nothing visible is left to defaults: they change between versions of Grafana. */
interface About {
  readonly title: string;
  /** What the panel shows, and what to do about it. */
  readonly description: string;
  readonly unit: string;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  readonly mappings?: readonly ValueMapping[];
  /** Shown where there is no data. */
  readonly noValue: string;
}

export interface StatSpec extends About {
  readonly expr: string;
  readonly thresholds: ThresholdsConfig;
  readonly colourOf?: 'value' | 'background';
}

export interface Line {
  readonly expr: string;
  readonly legend: string;
  /** A limit is drawn as a dashed line. */
  readonly limit?: Colour;
  readonly colour?: Colour;
}

export interface LinesSpec extends About {
  readonly lines: readonly Line[];
  readonly stacked?: boolean;
  /** For values of which the small ones matter most. */
  readonly logarithmic?: boolean;
  /** Shortest distance of points, where many series are read for a few lines. */
  readonly step?: string;
  readonly legendCalcs?: readonly string[];
}

export interface StatesSpec extends About {
  readonly rows: readonly { readonly expr: string; readonly legend: string }[];
}

export interface Column {
  /** A label, or `Value` of the only query, or `Value #A`. */
  readonly from: string;
  readonly name: string;
  readonly width?: number;
  readonly unit?: string;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  readonly mappings?: readonly ValueMapping[];
  readonly thresholds?: ThresholdsConfig;
  readonly cell?: 'background' | 'bar';
  readonly link?: CellLink | undefined;
}

/** Without the label there is no such column. */
export const clusterColumn: Column = { from: 'cluster', name: 'Cluster', width: 90 };

interface SortBy {
  readonly name: string;
  readonly desc: boolean;
}

export interface TableSpec extends About {
  /** Their labels must agree: rows are joined by all labels that they share. */
  readonly queries: readonly string[];
  readonly columns: readonly Column[];
  /** Labels and values that are not shown. Excluded, not hidden: how to hide a column depends on the version of Grafana. */
  readonly without?: readonly string[];
  readonly sortBy: SortBy | SortBy[];
}

const refIds = 'ABCDEFGHIJ';

function ask(expr: string, index: number): DataqueryBuilder {
  return new DataqueryBuilder()
    .expr(expr)
    .refId(refIds[index] ?? '')
    .datasource(datasource)
    .editorMode(QueryEditorMode.Code)
    .exemplar(false);
}

function inTime(expr: string, legend: string, index: number): DataqueryBuilder {
  return ask(expr, index).range().format(PromQueryFormat.TimeSeries).legendFormat(legend);
}

function now(expr: string, index: number, format: PromQueryFormat): DataqueryBuilder {
  return ask(expr, index).instant().format(format).legendFormat('');
}

interface AnyBuilder<Self> {
  title(title: string): Self;
  description(text: string): Self;
  datasource(ref: DataSourceRef): Self;
  transparent(is: boolean): Self;
  unit(unit: string): Self;
  decimals(count: number): Self;
  min(value: number): Self;
  max(value: number): Self;
  mappings(mappings: ValueMapping[]): Self;
  noValue(text: string): Self;
  thresholds(thresholds: Builder<ThresholdsConfig>): Self;
}

function about<Self extends AnyBuilder<Self>>(
  panel: Self,
  { title, description, unit, decimals, min, max, mappings = [], noValue }: About,
  thresholds: ThresholdsConfig,
): Self {
  panel
    .title(title)
    .description(description)
    .datasource(datasource)
    .transparent(false)
    .unit(unit)
    .mappings([...mappings])
    .noValue(noValue)
    .thresholds({ build: () => thresholds });
  if (decimals !== undefined) panel.decimals(decimals);
  if (min !== undefined) panel.min(min);
  if (max !== undefined) panel.max(max);
  return panel;
}

export function stat(spec: StatSpec): Builder<Panel> {
  return about(new StatBuilder(), spec, spec.thresholds)
    .withTarget(now(spec.expr, 0, PromQueryFormat.TimeSeries))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .colorMode(spec.colourOf === 'background' ? BigValueColorMode.Background : BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .justifyMode(BigValueJustifyMode.Center)
    .textMode(BigValueTextMode.Value)
    .wideLayout(true)
    .showPercentChange(false)
    .percentChangeColorMode(PercentChangeColorMode.Standard)
    .orientation(VizOrientation.Auto)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false));
}

export function lines(spec: LinesSpec): Builder<Panel> {
  const { stacked = false, logarithmic = false, legendCalcs = ['lastNotNull', 'max'] } = spec;
  const panel = about(new LinesBuilder(), spec, plain)
    .targets(spec.lines.map(({ expr, legend }, index) => inTime(expr, legend, index)))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassic))
    .drawStyle(GraphDrawStyle.Line)
    .lineInterpolation(LineInterpolation.Linear)
    .lineWidth(stacked ? 1 : 2)
    .fillOpacity(stacked ? 40 : 0)
    .stacking(new StackingConfigBuilder().mode(stacked ? StackingMode.Normal : StackingMode.None).group('A'))
    .showPoints(VisibilityMode.Never)
    .spanNulls(false)
    .axisPlacement(AxisPlacement.Auto)
    .axisCenteredZero(false)
    .scaleDistribution(scale(logarithmic))
    .axisLabel('')
    .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Off))
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([...legendCalcs]),
    )
    .tooltip(
      new VizTooltipOptionsBuilder()
        .mode(TooltipDisplayMode.Multi)
        .sort(SortOrder.Descending)
        .hideZeros(false),
    );
  if (spec.step !== undefined) panel.interval(spec.step);
  spec.lines.forEach((line, index) => {
    const properties = lineProperties(line);
    if (properties.length > 0) panel.overrideByQuery(refIds[index] ?? '', properties);
  });
  return panel;
}

function scale(logarithmic: boolean): Builder<ScaleDistributionConfig> {
  const builder = new ScaleDistributionConfigBuilder();
  return logarithmic ? builder.type(ScaleDistribution.Log).log(10) : builder.type(ScaleDistribution.Linear);
}

function lineProperties({ limit, colour }: Line): DynamicConfigValue[] {
  const fixedColor = limit ?? colour;
  return [
    ...(fixedColor === undefined ? [] : [{ id: 'color', value: { mode: 'fixed', fixedColor } }]),
    ...(limit === undefined
      ? []
      : [
          { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 6] } },
          { id: 'custom.lineWidth', value: 1 },
        ]),
  ];
}

export function states(spec: StatesSpec): Builder<Panel> {
  return about(new StatesBuilder(), spec, plain)
    .targets(spec.rows.map(({ expr, legend }, index) => inTime(expr, legend, index)))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .showValue(VisibilityMode.Auto)
    .alignValue(TimelineValueAlignment.Left)
    .mergeValues(true)
    .rowHeight(0.85)
    .lineWidth(0)
    .fillOpacity(80)
    .spanNulls(false)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(false)
        .calcs([]),
    )
    .tooltip(
      new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Single).sort(SortOrder.None).hideZeros(false),
    );
}

export function table(spec: TableSpec): Builder<Panel> {
  const { queries, columns, without = [], sortBy } = spec;
  const panel = about(new TableBuilder(), spec, plain)
    .targets(queries.map((expr, index) => now(expr, index, PromQueryFormat.Table)))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .showHeader(true)
    .cellHeight(TableCellHeight.Sm)
    .align(FieldTextAlignment.Auto)
    .filterable(true)
    .inspect(false)
    .cellOptions({ type: 'auto' } as never)
    .sortBy(
      [sortBy]
        .flat()
        .map(({ name, desc }) => new TableSortByFieldStateBuilder().displayName(name).desc(desc)),
    );
  if (queries.length > 1) panel.withTransformation({ id: 'merge', options: {} });
  panel.withTransformation({
    id: 'organize',
    options: {
      excludeByName: Object.fromEntries(['Time', ...without].map((name) => [name, true])),
      includeByName: {},
      indexByName: Object.fromEntries(columns.map(({ from }, index) => [from, index])),
      renameByName: Object.fromEntries(columns.map(({ from, name }) => [from, name])),
    },
  });
  for (const column of columns) panel.overrideByName(column.name, columnProperties(column));
  return panel;
}

const cells = {
  background: { type: 'color-background', mode: 'basic' },
  bar: { type: 'gauge', mode: 'basic', valueDisplayMode: 'text' },
} as const;

function columnProperties({ cell, link, ...column }: Column): DynamicConfigValue[] {
  const values: Readonly<Record<string, unknown>> = {
    unit: column.unit,
    decimals: column.decimals,
    min: column.min,
    max: column.max,
    mappings: column.mappings,
    thresholds: column.thresholds,
    'custom.width': column.width,
    'custom.cellOptions': cell && cells[cell],
    links: link && [link],
  };
  // Without it, an empty cell shows the text that the panel has for no rows.
  return Object.entries({ ...values, noValue: '-' }).flatMap(([id, value]) =>
    value === undefined ? [] : [{ id, value }],
  );
}
