import { type Severity, severities } from '../model/finding.ts';
import type { FindingCode } from '../rules/codes.ts';
import { rules } from '../rules/evaluate.ts';
import { runbookOfFinding } from '../rules/runbooks.ts';
import { type AlertName, alerts } from './names.ts';

/** Which alert a finding raises, at the severity that the finding has. A finding without an alert does not compile. */
export const alertOfFinding = runbookOfFinding satisfies Record<FindingCode, AlertName>;

const minute = 60;

/** Seconds that a finding has to be there, and to be gone. The exporter has waited where waiting helps. */
export const patience = {
  critical: { for: 0, keepFiringFor: 2 * minute },
  warning: { for: minute, keepFiringFor: 5 * minute },
  info: { for: 10 * minute, keepFiringFor: 10 * minute },
} as const satisfies Record<Severity, { readonly for: number; readonly keepFiringFor: number }>;

/** Findings that grow worse than the severity of their rule. */
const alsoCritical: readonly FindingCode[] = ['autoextend-no-room', 'host-file-system-low', 'storage-errors'];

/** Alerts that are lists of single things, each to be dealt with for itself. */
const keepsCode: readonly AlertName[] = ['ThinPoolRisk'];

/** An alert that findings raise, and which ones. */
export interface FindingAlert {
  readonly alert: AlertName;
  readonly severity: Severity;
  readonly codes: readonly FindingCode[];
  /** One alert for each code, and not one for all of them. */
  readonly keepsCode: boolean;
}

/** One for each name and severity. */
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

/** What the alert is about, as the end of its summary. */
export function aboutAlert(name: AlertName): string {
  const sentence = alerts[name];
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1).replace(/\.$/, '')}`;
}

/** The description of an alert; `found` stands for the codes that were found, one or several. */
export function describeAlert({ alert, codes, keepsCode }: FindingAlert, found: string): string {
  if (keepsCode) return `${alerts[alert]} Finding: ${found}.`;
  const [only] = rules.filter(({ code }) => codes.length === 1 && code === codes[0]);
  return only === undefined ? `${alerts[alert]} Findings:${found}.` : `${only.meaning} ${only.advice}`;
}
