/** The parts of a dashboard's JSON that tests read. Read from the file: what is not in it is not there. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
  readonly annotations: { readonly list: readonly Annotation[] };
}

export interface DataSource {
  readonly type?: string;
  readonly uid?: string;
}

export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat?: string;
  readonly format?: 'time_series' | 'table';
  readonly instant?: boolean;
  readonly range?: boolean;
  readonly datasource?: DataSource;
}

export interface Mapping {
  readonly type: 'value' | 'range' | 'regex' | 'special';
  readonly options: Readonly<Record<string, unknown>>;
}

export interface Thresholds {
  readonly steps: readonly { readonly value: number | null; readonly color: string }[];
}

export interface FieldConfig {
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  readonly noValue?: string;
  readonly mappings?: readonly Mapping[];
  readonly thresholds?: Thresholds;
  readonly custom?: { readonly scaleDistribution?: { readonly type: string } };
}

export interface Override {
  readonly matcher: { readonly id: string; readonly options: unknown };
  readonly properties: readonly { readonly id: string; readonly value: unknown }[];
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title?: string;
  readonly description?: string;
  readonly datasource?: DataSource;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Target[];
  readonly fieldConfig?: { readonly defaults: FieldConfig; readonly overrides: readonly Override[] };
  readonly options?: Readonly<Record<string, unknown>>;
  readonly transformations?: readonly {
    readonly id: string;
    readonly options: Readonly<Record<string, unknown>>;
  }[];
}

export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly multi?: boolean;
  readonly includeAll?: boolean;
  readonly allValue?: string;
  readonly definition?: string;
  readonly datasource?: DataSource;
}

export interface Annotation {
  readonly name: string;
  readonly expr?: string;
  readonly datasource?: DataSource;
}

/** Panels that show something. */
export function shownPanels(dashboard: Dashboard): readonly Panel[] {
  return dashboard.panels.filter(({ type }) => type !== 'row');
}

/** Every query, with its place. */
export function queriesOf(
  dashboard: Dashboard,
): readonly { readonly where: string; readonly expr: string }[] {
  return [
    ...shownPanels(dashboard).flatMap(({ title, targets = [] }) =>
      targets.map(({ refId, expr }) => ({ where: `${title} ${refId}`, expr })),
    ),
    ...dashboard.annotations.list.flatMap(({ name, expr }) =>
      expr === undefined ? [] : [{ where: `annotation ${name}`, expr }],
    ),
    ...dashboard.templating.list.flatMap(({ name, definition }) => {
      const expr = /^label_values\((?<expr>.+), \w+\)$/.exec(definition ?? '')?.groups?.['expr'];
      return expr === undefined ? [] : [{ where: `variable ${name}`, expr }];
    }),
  ];
}
