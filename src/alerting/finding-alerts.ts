import { type Severity, severities } from '../model/finding.ts';
import type { FindingCode } from '../rules/codes.ts';
import { rules } from '../rules/evaluate.ts';
import { runbookOfFinding } from '../rules/runbooks.ts';
import { type AlertName, alerts } from './names.ts';

/** The alert that a finding raises, at the severity of the finding. A finding without an alert does not compile. */
export const alertOfFinding = runbookOfFinding satisfies Record<FindingCode, AlertName>;
export type FindingAlertName = (typeof alertOfFinding)[FindingCode];

const minute = 60;

/** Seconds before an alert fires and before it resolves. Where waiting helps, the finding itself has already waited. */
export const patience = {
  critical: { for: 0, keepFiringFor: 2 * minute },
  warning: { for: minute, keepFiringFor: 5 * minute },
  info: { for: 10 * minute, keepFiringFor: 10 * minute },
} as const satisfies Record<Severity, { readonly for: number; readonly keepFiringFor: number }>;

/** Findings that can become worse than the severity of their rule. */
const alsoCritical: readonly FindingCode[] = [
  'lvm-refuses-new-volumes',
  'vg-not-changeable',
  'autoextend-no-room',
  'host-file-system-low',
];

/** Alerts whose findings are independent of each other: each is fixed on its own. */
const keepsCode: readonly AlertName[] = ['ThinPoolRisk'];

/** An alert, and the findings that raise it. */
export interface FindingAlert {
  readonly alert: FindingAlertName;
  readonly severity: Severity;
  readonly codes: readonly FindingCode[];
  /** One alert for each code, not one for all of them. */
  readonly keepsCode: boolean;
}

/** One for each alert name and severity. */
export const findingAlerts: readonly FindingAlert[] = [...new Set(Object.values(alertOfFinding))].flatMap(
  (alert) =>
    severities.flatMap((severity) => {
      const codes = codesOf(alert, severity);
      return codes.length === 0 ? [] : [{ alert, severity, codes, keepsCode: keepsCode.includes(alert) }];
    }),
);

function codesOf(name: AlertName, severity: Severity): FindingCode[] {
  return rules
    .filter(({ code }) => alertOfFinding[code] === name)
    .filter(
      (rule) => rule.severity === severity || (severity === 'critical' && alsoCritical.includes(rule.code)),
    )
    .map(({ code }) => code);
}

/** The description of an alert. `found` is the list of codes, or the template that yields it. */
export function describeAlert({ alert, codes, keepsCode }: FindingAlert, found: string): string {
  if (keepsCode) return `${alerts[alert]} Finding: ${found}.`;
  const [only] = rules.filter(({ code }) => codes.length === 1 && code === codes[0]);
  return only === undefined ? `${alerts[alert]} Findings:${found}.` : `${only.meaning} ${only.advice}`;
}
