import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';
import { findingAlerts } from '../../src/alerting/finding-alerts.ts';
import { rules } from '../../src/rules/evaluate.ts';
import { runbooks } from '../../src/rules/runbooks.ts';

/** Stable for ever: links, bookmarks and alerts name them. */
export const uids = {
  fleet: 'thinpool-fleet',
  pool: 'thinpool-pool',
  exporter: 'thinpool-exporter',
} as const;
export const tag = 'thinpool';

/** A link of a table's cell. */
export interface CellLink {
  readonly title: string;
  readonly url: string;
  readonly targetBlank: boolean;
}

const findingsPage = `${runbooks.replace(/runbooks$/, '')}findings.md`;
const field = (name: string): string => `\${__data.fields.${name}:percentencode}`;
const keep = '${__url_time_range}&${datasource:queryparam}';

/** To the dashboard of the pool in this row. */
export const toPool: CellLink = {
  title: 'Look at this pool',
  url: `/d/${uids.pool}?var-instance=${field('Host')}&var-pool=${field('Pool')}&${keep}`,
  targetBlank: false,
};

/** To the dashboard of the exporter on the host in this row. */
export const toExporter: CellLink = {
  title: 'Look at the exporter of this host',
  url: `/d/${uids.exporter}?var-instance=${field('Host')}&${keep}`,
  targetBlank: false,
};

export const toRunbook: CellLink = {
  title: 'What to do',
  url: `${runbooks}/${field('Runbook')}.md`,
  targetBlank: true,
};

export const toFinding: CellLink = {
  title: 'What it means',
  url: `${findingsPage}#${field('Finding')}`,
  targetBlank: true,
};

/** The name of each finding's runbook, as a label. */
export function withRunbook(expr: string): string {
  const codesOf = (name: string): string =>
    rules
      .filter(({ alert }) => alert === name)
      .map(({ code }) => code)
      .join('|');
  return [...new Set(findingAlerts.map(({ alert }) => alert))].reduce(
    (inner, name) => `label_replace(${inner}, "runbook", "${name}", "code", "${codesOf(name)}")`,
    expr,
  );
}

const link = (title: string, tooltip: string): DashboardLinkBuilder =>
  new DashboardLinkBuilder(title).tooltip(tooltip).keepTime(true).asDropdown(false);

/** Above each dashboard: the other two, at the same time and with the same choices, and the runbooks. */
export const dashboardLinks: readonly DashboardLinkBuilder[] = [
  link('Thin pools', 'The other dashboards, at the same time, for the same hosts and pools')
    .type(DashboardLinkType.Dashboards)
    .icon('external link')
    .tags([tag])
    .includeVars(true)
    .targetBlank(false),
  link('Runbooks', 'What to do, for each alert')
    .type(DashboardLinkType.Link)
    .icon('doc')
    .url(`${runbooks}/README.md`)
    .tags([])
    .includeVars(false)
    .keepTime(false)
    .targetBlank(true),
];
