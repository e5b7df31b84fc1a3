import type { Finding } from '../model/finding.ts';
import { secondMs } from '../model/units.ts';
import { runbookOf } from '../rules/runbooks.ts';
import { fingerprint, type RaisedAlert, type TargetLabels, withoutEmpty } from './alert.ts';
import { anyResource, findingSummaries } from './annotations.ts';
import { describeAlert, type FindingAlert, findingAlerts, patience } from './finding-alerts.ts';
import { labelsOf } from './labels.ts';

/** Critical alerts page, and fire without a `for`. */
const critical = findingAlerts.filter(({ severity }) => severity === 'critical');

/** The critical findings as alerts, grouped as the rules group them. */
export function alertsOfFindings(
  findings: readonly Finding[],
  target: TargetLabels,
  now: number,
): readonly RaisedAlert[] {
  return critical.flatMap((alert) => raise(alert, findings, target, now));
}

function raise(
  what: FindingAlert,
  findings: readonly Finding[],
  target: TargetLabels,
  now: number,
): readonly RaisedAlert[] {
  const own = findings.filter(
    ({ code, severity }) => severity === what.severity && what.codes.includes(code),
  );
  const together = new Map<string, { labels: RaisedAlert['labels']; found: Finding[] }>();
  for (const finding of own) {
    const labels = labelsFor(what, finding, target);
    const key = fingerprint({ labels });
    const group = together.get(key) ?? { labels, found: [] };
    group.found.push(finding);
    together.set(key, group);
  }
  return [...together.values()].map(({ labels, found }) => ({
    labels,
    annotations: annotate(what, labels, found),
    since: Math.min(...found.map(({ since }) => since ?? now)),
    keepMs: patience[what.severity].keepFiringFor * secondMs,
  }));
}

/** As in Prometheus, labels of the rule override those of the series, and these override those of the target. */
function labelsFor(
  { alert, severity, keepsCode }: FindingAlert,
  { code, pool, resource, source, vg }: Finding,
  target: TargetLabels,
): RaisedAlert['labels'] {
  const series = withoutEmpty({ pool, resource, source, vg, ...(keepsCode && { code }) });
  return { ...target, ...series, ...labelsOf({ severity }), alertname: alert };
}

function annotate(
  what: FindingAlert,
  { resource = anyResource, pool, instance = '', source = '' }: Readonly<Record<string, string | undefined>>,
  found: readonly Finding[],
): Record<string, string> {
  const subject = `${pool ? `Pool ${pool} on` : 'Host'} ${instance}`;
  const codes = [...new Set(found.map(({ code }) => code))].sort();
  const code = what.keepsCode ? codes.join(', ') : codes.map((one) => ` ${one}`).join('');
  return {
    summary: findingSummaries[what.alert]({ subject, instance, resource, source, code }),
    description: describeAlert(what, code),
    runbook_url: runbookOf(what.alert),
  };
}
