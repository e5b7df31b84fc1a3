import type { FindingCode } from '../../src/health/codes.ts';
import { rules } from '../../src/health/evaluate.ts';
import { type Severity, severities } from '../../src/model/finding.ts';
import { besides } from './blind-rules.ts';
import { alertOfFinding } from './finding-alerts.ts';
import { staysBelowFloor } from './ladder.ts';
import { type AlertName, alerts } from './names.ts';
import { joined, range } from './promql.ts';
import type { Alert } from './rule.ts';

const minute = 60;

/** How long a finding has to be there, and to be gone. The exporter has waited where waiting helps. */
const patience = {
  critical: { for: 0, keepFiringFor: 2 * minute },
  warning: { for: minute, keepFiringFor: 5 * minute },
  info: { for: 10 * minute, keepFiringFor: 10 * minute },
} as const satisfies Record<Severity, Pick<Alert, 'for' | 'keepFiringFor'>>;

/** Findings that grow worse than the severity of their rule. */
const alsoCritical: readonly FindingCode[] = ['autoextend-no-room', 'host-file-system-low'];

/** Alerts that are lists of single things, each to be dealt with for itself. */
const keepsCode: readonly AlertName[] = ['ThinPoolRisk'];

/** What the exporter has judged, as alerts: one for each name and severity. */
export function findingAlerts(): Alert[] {
  const names = [...new Set(Object.values(alertOfFinding))];
  return names.flatMap((name) =>
    severities.flatMap((severity) => {
      const codes = codesOf(name, severity);
      return codes.length === 0 ? [] : [findingAlert(name, severity, codes)];
    }),
  );
}

function codesOf(name: AlertName, severity: Severity): FindingCode[] {
  return rules
    .filter(({ code }) => alertOfFinding[code] === name)
    .filter(
      (rule) => rule.severity === severity || (severity === 'critical' && alsoCritical.includes(rule.code)),
    )
    .map(({ code }) => code);
}

function findingAlert(name: AlertName, severity: Severity, codes: readonly FindingCode[]): Alert {
  const seen = `last_over_time(thinpool_finding{code=~"${codes.join('|')}",severity="${severity}"}[${range('findingMemory')}])`;
  // Among codes that follow one another, a change is no new alert: only all of them together have an end.
  const found = keepsCode.includes(name) ? seen : `group without (code, severity) (\n  ${seen}\n)`;
  const other = name === 'ThinPoolBelowMinimumFree' ? staysBelowFloor : besides[name];
  return {
    alert: name,
    expr: joined('or', other === undefined ? [found] : [found, other]),
    ...patience[severity],
    severity,
    summary: `{{ with $labels.resource }}{{ . }} of {{ end }}{{ with $labels.pool }}pool {{ . }} on {{ end }}{{ $labels.instance }}: ${sentencePart(alerts[name])}`,
    description: describe(name, codes),
  };
}

function sentencePart(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1).replace(/\.$/, '')}`;
}

function describe(name: AlertName, codes: readonly FindingCode[]): string {
  if (keepsCode.includes(name)) return `${alerts[name]} Finding: {{ $labels.code }}.`;
  const [only] = rules.filter(({ code }) => codes.length === 1 && code === codes[0]);
  if (only !== undefined) return `${only.meaning} ${only.advice}`;
  const found = `printf "thinpool_finding{code=~%q,instance=%q,pool=%q}" "${codes.join('|')}" $labels.instance $labels.pool`;
  return `${alerts[name]} Findings:{{ range ${found} | query }} {{ .Labels.code }}{{ end }}.`;
}
