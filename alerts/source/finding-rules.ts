import {
  aboutAlert,
  describeAlert,
  type FindingAlert,
  findingAlerts,
  patience,
} from '../../src/alerting/finding-alerts.ts';
import { besides } from './absence-rules.ts';
import { joined, range } from './promql.ts';
import type { Alert } from './rule.ts';
import { staysBelowFloor } from './stage-rules.ts';

/** What the exporter has judged, as rules. */
export function findingRules(): Alert[] {
  return findingAlerts.map(findingRule);
}

function findingRule(what: FindingAlert): Alert {
  const { alert, severity, codes, keepsCode } = what;
  const seen = `last_over_time(thinpool_finding{code=~"${codes.join('|')}",severity="${severity}"}[${range('findingMemory')}])`;
  // Among codes that follow one another, a change is no new alert: only all of them together have an end.
  const found = keepsCode ? seen : `group without (code, severity) (\n  ${seen}\n)`;
  const other = alert === 'ThinPoolBelowMinimumFree' ? staysBelowFloor : besides[alert];
  return {
    alert,
    expr: joined('or', other === undefined ? [found] : [found, other]),
    ...patience[severity],
    severity,
    summary: `{{ with $labels.resource }}{{ . }} of {{ end }}{{ with $labels.pool }}pool {{ . }} on {{ end }}{{ $labels.instance }}: ${aboutAlert(alert)}`,
    description: describeAlert(what, keepsCode ? '{{ $labels.code }}' : listFindings(codes)),
  };
}

function listFindings(codes: readonly string[]): string {
  const series = `printf "thinpool_finding{code=~%q,instance=%q,pool=%q}" "${codes.join('|')}" $labels.instance $labels.pool`;
  return `{{ range ${series} | query }} {{ .Labels.code }}{{ end }}`;
}
