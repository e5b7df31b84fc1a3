import { stringify } from 'yaml';
import { labelsOf } from '../../src/alerting/labels.ts';
import { runbookOf } from '../../src/rules/runbooks.ts';
import { groups } from './groups.ts';
import { duration } from './promql.ts';
import type { Alert, Group, Recording } from './rule.ts';

interface Dialect {
  /** New in Prometheus 2.42. Older versions reject a file with an unknown field. */
  readonly keepFiringFor: boolean;
}

export function rulesFile({ keepFiringFor }: Dialect): string {
  const least = keepFiringFor
    ? 'Prometheus 2.42 or newer.'
    : 'Prometheus older than 2.42, which rejects keep_firing_for.';
  return yaml(
    { groups: groups.map((group) => renderGroup(group, { keepFiringFor })) },
    `Alerts on thin pools, for ${least}`,
  );
}

/** The rules as a custom resource for the Prometheus operator. */
export function customResource(): string {
  const resource = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: {
      name: 'thinpool-exporter',
      // Must match the operator's ruleSelector; for kube-prometheus-stack, that is the name of its release.
      labels: { 'app.kubernetes.io/name': 'thinpool-exporter', release: 'kube-prometheus-stack' },
    },
    spec: { groups: groups.map((group) => renderGroup(group, { keepFiringFor: true })) },
  };
  return yaml(
    resource,
    'Alerts on thin pools, for the Prometheus operator. Set the label release to match its ruleSelector.',
  );
}

export function yaml(value: unknown, comment: string): string {
  return commented(value, comment, 'alerts/source by npm run generate');
}

/** A generated file, with a header that says what it is and what to edit instead. */
export function commented(value: unknown, comment: string, origin: string): string {
  const options = { lineWidth: 0, aliasDuplicateObjects: false } as const;
  return `# ${comment}\n# Generated from ${origin}; change that, not this file.\n${stringify(value, options)}`;
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
