import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { toExporter, toFinding, toPool, toRunbook, withRunbook } from './links.ts';
import { clusterColumn, table } from './panel.ts';
import { age, type Scope } from './promql.ts';
import { ofFindings, ranked, rankWords } from './ranks.ts';
import { units } from './units.ts';

const labels = 'cluster, instance, pool, code, resource, collector, vg';

/** Active findings, worst first, each with a link to its runbook. */
export function findingsTable(scope: Scope, { ofOnePool }: { readonly ofOnePool: boolean }): Builder<Panel> {
  const finding = ranked((severity) => ofFindings(scope, 'thinpool_finding', severity));
  return table({
    title: 'Findings',
    description:
      'Active findings, worst first. The finding links to its explanation, the runbook to the steps to take. Findings that stay for hours without being critical are easily ignored: fix them before they become incidents.',
    unit: units.none,
    noValue: 'No findings.',
    queries: [
      `max by (${labels}, runbook) (${withRunbook(finding)})`,
      age(scope, `max by (${labels}) (${ofFindings(scope, 'thinpool_finding_since_timestamp_seconds')})`),
    ],
    columns: [
      { from: 'Value #A', name: 'Severity', width: 90, mappings: [rankWords], cell: 'background' },
      { from: 'code', name: 'Finding', width: 240, link: toFinding },
      ...(ofOnePool ? [] : [clusterColumn, { from: 'instance', name: 'Host', link: toExporter }]),
      { from: 'pool', name: 'Pool', link: ofOnePool ? undefined : toPool },
      { from: 'resource', name: 'Resource', width: 90 },
      { from: 'collector', name: 'Collector', width: 90 },
      { from: 'vg', name: 'VG', width: 80 },
      { from: 'Value #B', name: 'For', width: 90, unit: units.seconds, decimals: 0, min: 0 },
      { from: 'runbook', name: 'Runbook', width: 230, link: toRunbook },
    ],
    without: ofOnePool ? ['cluster', 'instance'] : [],
    sortBy: { name: 'Severity', desc: true },
  });
}
