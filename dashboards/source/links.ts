import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';
import { findingAlerts } from '../../src/alerting/finding-alerts.ts';
import { runbooks } from '../../src/model/project.ts';
import { rules } from '../../src/rules/evaluate.ts';

/** Never change them: links, bookmarks and alerts use them. */
export const uids = {
  fleet: 'thinpool-fleet',
  pool: 'thinpool-pool',
  exporter: 'thinpool-exporter',
} as const;
export const tag = 'thinpool';

/** A link of a table cell. */
export interface CellLink {
  readonly title: string;
  readonly url: string;
  readonly targetBlank: boolean;
}

const findingsPage = `${runbooks.replace(/runbooks$/, '')}reference/findings.md`;
const field = (name: string): string => `\${__data.fields.${name}:percentencode}`;
const keep = '${__url_time_range}&${datasource:queryparam}&${cluster:queryparam}';

export const toPool: CellLink = {
  title: 'Open the dashboard of this pool',
  url: `/d/${uids.pool}?var-instance=${field('Host')}&var-pool=${field('Pool')}&${keep}`,
  targetBlank: false,
};

export const toExporter: CellLink = {
  title: 'Open the dashboard of this exporter',
  url: `/d/${uids.exporter}?var-instance=${field('Host')}&${keep}`,
  targetBlank: false,
};

export const toRunbook: CellLink = {
  title: 'Open the runbook',
  url: `${runbooks}/${field('Runbook')}.md`,
  targetBlank: true,
};

export const toFinding: CellLink = {
  title: 'Explain this finding',
  url: `${findingsPage}#${field('Finding')}`,
  targetBlank: true,
};

/** Adds the name of each finding's runbook as a label. */
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

/** Above each dashboard: the other two, with the same time range and variables, and the runbooks. */
export const dashboardLinks: readonly DashboardLinkBuilder[] = [
  link('Thin pools', 'The other dashboards, with the same time range, hosts and pools')
    .type(DashboardLinkType.Dashboards)
    .icon('external link')
    .tags([tag])
    .includeVars(true)
    .targetBlank(false),
  link('Runbooks', 'One runbook for each alert')
    .type(DashboardLinkType.Link)
    .icon('doc')
    .url(`${runbooks}/README.md`)
    .tags([])
    .includeVars(false)
    .keepTime(false)
    .targetBlank(true),
];
