import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DatasourceVariableBuilder,
  type Panel,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboardLinks, tag } from './links.ts';
import { datasource } from './panel.ts';

export interface Choice {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  /** The metric, with matchers, that has the label to choose from. */
  readonly from: string;
  readonly multi: boolean;
  /** All includes series without the label. */
  readonly mayBeAbsent?: true;
}

/** Panels next to each other; the widths add up to 24. */
interface Strip {
  readonly height: number;
  readonly panels: readonly (readonly [width: number, panel: Builder<Panel>])[];
}

interface Section {
  readonly title: string;
  readonly strips: readonly Strip[];
}

interface BoardSpec {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly queryOptions: readonly Choice[];
  readonly annotations?: readonly AnnotationQueryBuilder[];
  readonly sections: readonly Section[];
  readonly from: string;
  readonly refresh: string;
}

export function board(spec: BoardSpec): Dashboard {
  const dashboard = new DashboardBuilder(spec.title)
    .uid(spec.uid)
    .description(spec.description)
    .tags([tag])
    .time({ from: spec.from, to: 'now' })
    .refresh(spec.refresh)
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .editable()
    .links([...dashboardLinks])
    .annotations([...(spec.annotations ?? [])])
    .variables([dataSourceChoice(), ...spec.queryOptions.map(choice)]);
  lay(dashboard, spec.sections);
  return withLinksAbove(dashboard.build());
}

/** With the placement that the builder sets, newer Grafana hides the links in a menu. */
function withLinksAbove(dashboard: Dashboard): Dashboard {
  const links = (dashboard.links ?? []).map(({ placement, ...link }) => link);
  return { ...dashboard, links };
}

/** Positions the panels and numbers them: the builders set no id on panels, and the same id on all rows. */
function lay(dashboard: DashboardBuilder, sections: readonly Section[]): void {
  let y = 0;
  let id = 0;
  const nextId = (): number => {
    id += 1;
    return id;
  };
  for (const { title, strips } of sections) {
    dashboard.withRow(new RowBuilder(title).id(nextId()).gridPos({ x: 0, y, w: 24, h: 1 }));
    y += 1;
    for (const { height, panels } of strips) {
      let x = 0;
      for (const [w, builder] of panels) {
        const panel = { ...builder.build(), id: nextId(), gridPos: { x, y, w, h: height } };
        dashboard.withPanel({ build: () => panel });
        x += w;
      }
      y += height;
    }
  }
}

function dataSourceChoice(): DatasourceVariableBuilder {
  return new DatasourceVariableBuilder('datasource')
    .label('Prometheus')
    .description('The Prometheus that scrapes the exporters')
    .type('prometheus')
    .multi(false)
    .includeAll(false);
}

function choice({ name, label, description, from, multi, mayBeAbsent }: Choice): QueryVariableBuilder {
  const variable = new QueryVariableBuilder(name)
    .label(label)
    .description(description)
    .query({ query: `label_values(${from}, ${name})`, refId: 'StandardVariableQuery' })
    .definition(`label_values(${from}, ${name})`)
    .datasource(datasource)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(multi)
    .includeAll(multi);
  return multi
    ? variable
        .allValue(mayBeAbsent ? '.*' : '.+')
        .current({ selected: true, text: ['All'], value: ['$__all'] })
    : variable;
}
