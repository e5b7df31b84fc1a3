import { type Finding, severities } from '../model/finding.ts';
import { secondMs } from '../model/units.ts';
import { runbookOf } from '../rules/runbooks.ts';
import { fingerprint, type RaisedAlert, type TargetLabels, withoutEmpty } from './alert.ts';
import { anyResource, describeTime, unnamedCollector } from './annotations.ts';
import {
  describeAlert,
  describeOnly,
  durationsOf,
  type FindingAlert,
  findingAlerts,
} from './finding-alerts.ts';
import { labelsOf } from './labels.ts';
import { alerts } from './names.ts';

/** Critical alerts page, and fire without a `for`. */
const critical = findingAlerts.filter(({ severity }) => severity === 'critical');

/** The findings of every severity as alerts, grouped as the rules group them, the worst severity first. */
export function allAlertsOfFindings(
  findings: readonly Finding[],
  target: TargetLabels,
  now: number,
): readonly RaisedAlert[] {
  return severities.flatMap((severity) =>
    findingAlerts
      .filter((alert) => alert.severity === severity)
      .flatMap((alert) => raise(alert, findings, target, now)),
  );
}

/** The critical findings as alerts, grouped as the rules group them. */
export function alertsOfFindings(
  findings: readonly Finding[],
  target: TargetLabels,
  now: number,
): readonly RaisedAlert[] {
  return critical.flatMap((alert) => raise(alert, findings, target, now));
}

function raise(
  rule: FindingAlert,
  findings: readonly Finding[],
  target: TargetLabels,
  now: number,
): readonly RaisedAlert[] {
  const own = findings.filter(
    ({ code, severity }) => severity === rule.severity && rule.codes.includes(code),
  );
  const groups = new Map<string, { labels: RaisedAlert['labels']; found: Finding[] }>();
  for (const finding of own) {
    const labels = labelsFor(rule, finding, target);
    const key = fingerprint({ labels });
    const group = groups.get(key) ?? { labels, found: [] };
    group.found.push(finding);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ labels, found }) => ({
    labels,
    annotations: annotate(rule, labels, found),
    since: Math.min(...found.map(({ since }) => since ?? now)),
    keepMs: durationsOf(rule).keepFiringFor * secondMs,
    afterMs: durationsOf(rule).for * secondMs,
    findings: found,
  }));
}

/** As in Prometheus, labels of the rule override those of the series, and these override those of the target. */
function labelsFor(
  { alert, severity, keepsCode }: FindingAlert,
  { code, pool, resource, target: limit, collector, vg }: Finding,
  target: TargetLabels,
): RaisedAlert['labels'] {
  const series = withoutEmpty({ pool, resource, target: limit, collector, vg, ...(keepsCode && { code }) });
  return { ...target, ...series, ...labelsOf({ severity }), alertname: alert };
}

function annotate(
  rule: FindingAlert,
  {
    resource = anyResource,
    pool,
    target,
    instance = '',
    collector: name,
  }: Readonly<Record<string, string | undefined>>,
  found: readonly Finding[],
): Record<string, string> {
  const subject = `${pool ? `Pool ${pool} on` : 'Host'} ${instance}`;
  const collector = name ? `collector ${name}` : unnamedCollector;
  const codes = [...new Set(found.map(({ code }) => code))].sort();
  const code = rule.keepsCode ? codes.join(', ') : codes.map((one) => ` ${one}`).join('');
  const only = describeOnly(rule);
  const time = describeTime(found.find(({ secondsLeft }) => secondsLeft !== undefined)?.secondsLeft);
  const byTarget = (full: string, minimumFree: string): string =>
    target === 'minimum_free' ? minimumFree : full;
  return {
    summary: alerts[rule.alert].summary({ subject, instance, resource, collector, code, time, byTarget }),
    description: only?.others.every((one) => !codes.includes(one)) ? only.text : describeAlert(rule, code),
    runbook_url: found[0]?.runbook ?? runbookOf(rule.alert),
  };
}
