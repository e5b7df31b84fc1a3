import type { FindingAlertName } from '../../model/alert-name.ts';
import type { Severity } from '../../model/finding.ts';
import { anyResource, unnamedCollector } from '../annotations.ts';
import { explanations } from '../explained.ts';
import {
  describeAlert,
  describeOnly,
  durationsOf,
  type FindingAlert,
  findingAlerts,
} from '../finding-alerts.ts';
import { alerts } from '../names.ts';
import { besides } from './absence-rules.ts';
import { joined, range } from './promql.ts';
import type { Alert } from './rule.ts';
import { timeTemplate } from './stage-rules.ts';

/** The rules for findings of the exporter of some severities. */
export function findingRules(is: (severity: Severity) => boolean): Alert[] {
  return findingAlerts.filter(({ severity }) => is(severity)).map(findingRule);
}

function findingRule(what: FindingAlert): Alert {
  const { alert, severity, codes, keepsCode, usual } = what;
  const seen = seenOf(codes, severity);
  // One alert for all codes: a pool that goes from one to the next must not resolve the alert and raise another.
  const found = keepsCode ? seen : `group without (code, severity) (\n  ${seen}\n)`;
  const own = severity === 'critical' ? unlessExplained(alert, found) : found;
  const other = usual.length > 0 ? besides[alert] : undefined;
  return {
    alert,
    expr: joined('or', other === undefined ? [own] : [own, other]),
    ...durationsOf(what),
    severity,
    summary: alerts[alert].summary(labelTemplates),
    description: describe(what),
  };
}

function describe(what: FindingAlert): string {
  const { severity, codes, keepsCode } = what;
  const all = describeAlert(what, keepsCode ? labelTemplates.code : listFindings(codes));
  const only = describeOnly(what);
  if (only === undefined) return all;
  const { text, others } = only;
  if (others.length === 0) return text;
  const found = `printf "thinpool_finding{code=~%q,cluster=%q,instance=%q,pool=%q,severity='${severity}'}" "${others.join('|')}" (index $labels "cluster") $labels.instance $labels.pool`;
  return `{{ if ${found} | query }}${all}{{ else }}${text}{{ end }}`;
}

function seenOf(codes: readonly string[], severity: Severity, more = ''): string {
  return `last_over_time(thinpool_finding{code=~"${codes.join('|')}",severity="${severity}"${more}}[${range('findingMemory')}])`;
}

/** One that has paged goes on: to resolve it would look like an end. */
function unlessExplained(alert: FindingAlertName, found: string): string {
  const worse = explainedBy(alert);
  if (worse.length === 0) return found;
  const before = `ALERTS{alertname="${alert}",alertstate="firing",severity="critical"}`;
  return joined('or', [
    joined('unless', [found, ...worse]),
    `${found}\nand on (cluster, instance, pool, resource, target) ${before}`,
  ]);
}

/** The findings of the same pool that page for what this alert would page for again. */
function explainedBy(alert: FindingAlertName): readonly string[] {
  return explanations
    .filter(({ explained }) => explained.includes(alert))
    .map(({ by, same, target }) => {
      const codes = findingAlerts
        .filter((one) => one.severity === 'critical' && by.includes(one.alert))
        .flatMap((one) => one.codes);
      const there = same.map((label) => `,${label}!=""`).join('');
      const worse = seenOf(codes, 'critical', there);
      const on = ['cluster', 'instance', ...same, ...(target === undefined ? [] : ['target'])].join(', ');
      return target === undefined
        ? `on (${on}) ${worse}`
        : `on (${on}) label_replace(${worse}, "target", "${target}", "", "")`;
    });
}

const labelTemplates = {
  subject: '{{ with $labels.pool }}Pool {{ . }} on {{ else }}Host {{ end }}{{ $labels.instance }}',
  instance: '{{ $labels.instance }}',
  resource: `{{ with $labels.resource }}{{ . }}{{ else }}${anyResource}{{ end }}`,
  collector: `{{ with $labels.collector }}collector {{ . }}{{ else }}${unnamedCollector}{{ end }}`,
  code: '{{ $labels.code }}',
  time: `{{ with printf "thinpool_time_left_seconds{cluster=%q,instance=%q,pool=%q,resource=%q,target=%q}" (index $labels "cluster") $labels.instance $labels.pool $labels.resource $labels.target | query }}{{ with . | first | value }}in ${timeTemplate}{{ end }}{{ else }}within minutes{{ end }}`,
  byTarget: (full: string, minimumFree: string): string =>
    `{{ if eq $labels.target "minimum_free" }}${minimumFree}{{ else }}${full}{{ end }}`,
} as const;

function listFindings(codes: readonly string[]): string {
  const series = `printf "thinpool_finding{code=~%q,cluster=%q,instance=%q,pool=%q}" "${codes.join('|')}" (index $labels "cluster") $labels.instance $labels.pool`;
  return `{{ range ${series} | query }} {{ .Labels.code }}{{ else }} none{{ end }}`;
}
