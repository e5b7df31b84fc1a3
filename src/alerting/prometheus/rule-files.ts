import { stringify } from 'yaml';
import { runbookOf } from '../../rules/runbooks.ts';
import { labelsOf, usualJob } from '../labels.ts';
import { groupsFor } from './groups.ts';
import { duration } from './promql.ts';
import type { Alert, Group, Recording } from './rule.ts';

export interface RuleSettings {
  /** The job under which Prometheus scrapes the exporters. */
  readonly job?: string;
  /** Where the runbooks are, as `runbookOf` takes it. */
  readonly runbookUrl?: string;
  /** The second line of the file. */
  readonly origin?: string;
}

interface Dialect extends RuleSettings {
  /** New in Prometheus 2.42. Older versions reject a file with an unknown field. */
  readonly keepFiringFor: boolean;
  /** vmalert adds this label to `ALERTS`, where Prometheus adds none. */
  readonly alertgroup?: true;
}

export function rulesFile(dialect: Dialect): string {
  const least = dialect.keepFiringFor
    ? 'Prometheus 2.42 or newer.'
    : 'Prometheus older than 2.42, which rejects keep_firing_for.';
  return ruleText({ groups: renderGroups(dialect) }, `Alerts on thin pools, for ${least}`, dialect);
}

/** The rules for VictoriaMetrics. They read `ALERTS`, so vmalert has to write it. */
export function vmalertFile(settings: RuleSettings = {}): string {
  return ruleText(
    { groups: renderGroups({ ...settings, keepFiringFor: true, alertgroup: true }) },
    'Alerts on thin pools, for vmalert 1.92 or newer with -remoteWrite.url: the rules read the series ALERTS that it writes.',
    settings,
  );
}

/** The rules as a custom resource for the Prometheus operator. */
export function customResource(settings: RuleSettings = {}): string {
  const resource = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: {
      name: 'thinpool-exporter',
      // Must match the operator's ruleSelector; for kube-prometheus-stack, that is the name of its release.
      labels: { 'app.kubernetes.io/name': 'thinpool-exporter', release: 'kube-prometheus-stack' },
    },
    spec: { groups: renderGroups({ ...settings, keepFiringFor: true }) },
  };
  return ruleText(
    resource,
    'Alerts on thin pools, for the Prometheus operator. Set the label release to match its ruleSelector.',
    settings,
  );
}

function ruleText(value: object, comment: string, { origin }: RuleSettings): string {
  return origin === undefined ? yaml(value, comment) : withHeader(value, [comment, origin]);
}

/** A rules file of other groups, which need nothing that Prometheus has only lately. */
export function commentedRules(groups: readonly Group[], comment: string): string {
  return yaml({ groups: groups.map((group) => renderGroup(group, { keepFiringFor: false })) }, comment);
}

export function yaml(value: unknown, comment: string): string {
  return commented(value, comment, 'src/alerting/prometheus');
}

/** A generated file, with a header that says what it is and what to edit instead. */
export function commented(value: unknown, comment: string, origin: string): string {
  return withHeader(value, [comment, `Generated from ${origin}; change that, not this file.`]);
}

function withHeader(value: unknown, header: readonly string[]): string {
  const options = { lineWidth: 0, aliasDuplicateObjects: false } as const;
  return `${header.map((line) => `# ${line}\n`).join('')}${stringify(value, options)}`;
}

function renderGroups(dialect: Dialect): readonly object[] {
  return groupsFor(dialect.job ?? usualJob).map((group) => renderGroup(group, dialect));
}

function renderGroup({ name, interval, records, alerts }: Group, dialect: Dialect): object {
  return {
    name,
    interval: duration(interval),
    rules: [...records.map(renderRecording), ...alerts.map((alert) => renderAlert(alert, dialect))],
  };
}

function renderRecording({ record, expr, labels }: Recording): object {
  return { record, expr, ...(labels && { labels }) };
}

function renderAlert(alert: Alert, dialect: Dialect): object {
  const { alertgroup, keepFiringFor, runbookUrl } = dialect;
  return {
    alert: alert.alert,
    expr: alertgroup
      ? alert.expr.replaceAll('ignoring (alertname,', 'ignoring (alertgroup, alertname,')
      : alert.expr,
    ...(alert.for ? { for: duration(alert.for) } : {}),
    ...(alert.keepFiringFor && keepFiringFor ? { keep_firing_for: duration(alert.keepFiringFor) } : {}),
    labels: labelsOf(alert),
    annotations: {
      summary: alert.summary,
      description: alert.description,
      runbook_url: runbookOf(alert.alert, runbookUrl),
    },
  };
}
