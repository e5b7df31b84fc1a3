import { stringify } from 'yaml';
import { labelsOf } from '../../src/alerting/labels.ts';
import { runbookOf } from '../../src/rules/runbooks.ts';
import { groups } from './groups.ts';
import { duration } from './promql.ts';
import type { Alert, Group, Recording } from './rule.ts';

interface Dialect {
  /** Prometheus 2.42 brought it, and older ones refuse a whole file for a field they do not know. */
  readonly keepFiringFor: boolean;
}

/** A rules file. */
export function rulesFile({ keepFiringFor }: Dialect): string {
  const least = keepFiringFor
    ? 'Prometheus 2.42 or newer.'
    : 'Prometheus before 2.42, which does not know keep_firing_for.';
  return yaml(
    { groups: groups.map((group) => renderGroup(group, { keepFiringFor })) },
    `Alerts on thin pools, for ${least}`,
  );
}

/** The same as a custom resource, for the Prometheus operator. */
export function customResource(): string {
  const resource = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: {
      name: 'thinpool-exporter',
      // What the operator's ruleSelector asks for; with kube-prometheus-stack it is the name of its release.
      labels: { 'app.kubernetes.io/name': 'thinpool-exporter', release: 'kube-prometheus-stack' },
    },
    spec: { groups: groups.map((group) => renderGroup(group, { keepFiringFor: true })) },
  };
  return yaml(
    resource,
    'Alerts on thin pools, for the Prometheus operator. Set the label release to what its ruleSelector asks for.',
  );
}

export function yaml(value: unknown, comment: string): string {
  return commented(value, comment, 'alerts/source by npm run generate');
}

/** A file that is made: what it is, and from what, above its content. */
export function commented(value: unknown, comment: string, origin: string): string {
  const options = { lineWidth: 0, aliasDuplicateObjects: false } as const;
  return `# ${comment}\n# Made from ${origin}; change that, not this file.\n${stringify(value, options)}`;
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
  return {
    alert: alert.alert,
    expr: alert.expr,
    ...(alert.for ? { for: duration(alert.for) } : {}),
    ...(alert.keepFiringFor && dialect.keepFiringFor
      ? { keep_firing_for: duration(alert.keepFiringFor) }
      : {}),
    labels: labelsOf(alert),
    annotations: {
      summary: alert.summary,
      description: alert.description,
      runbook_url: runbookOf(alert.alert),
    },
  };
}
