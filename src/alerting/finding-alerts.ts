import type { FindingAlertName } from '../model/alert-name.ts';
import { type Severity, severities } from '../model/finding.ts';
import { minuteSeconds } from '../model/units.ts';
import { rules } from '../rules/evaluate.ts';
import { adviceOf } from '../rules/rule.ts';
import { alerts } from './names.ts';

/** Seconds before an alert fires and before it resolves. Where waiting helps, the finding itself has already waited. */
const durations = {
  critical: { for: 0, keepFiringFor: 2 * minuteSeconds },
  warning: { for: minuteSeconds, keepFiringFor: 5 * minuteSeconds },
  info: { for: 10 * minuteSeconds, keepFiringFor: 10 * minuteSeconds },
} as const satisfies Record<Severity, Durations>;

interface Durations {
  readonly for: number;
  readonly keepFiringFor: number;
}

export function durationsOf({ alert, severity }: Pick<FindingAlert, 'alert' | 'severity'>): Durations {
  const { keepFiringFor } = alerts[alert];
  return { ...durations[severity], ...(keepFiringFor !== undefined && { keepFiringFor }) };
}

/** An alert, and the findings that raise it. */
export interface FindingAlert {
  readonly alert: FindingAlertName;
  readonly severity: Severity;
  readonly codes: readonly string[];
  /** One alert for each code, not one for all of them. */
  readonly keepsCode: boolean;
}

/** One for each alert name and severity. */
export const findingAlerts: readonly FindingAlert[] = alertNames().flatMap((alert) =>
  severities.flatMap((severity) => {
    const codes = codesOf(alert, severity);
    return codes.length === 0
      ? []
      : [{ alert, severity, codes, keepsCode: alerts[alert].keepsCode === true }];
  }),
);

/** In the order of the alerts, worst first. */
function alertNames(): readonly FindingAlertName[] {
  const order = Object.keys(alerts);
  const names = [...new Set(rules.map(({ alert }) => alert))];
  return names.sort((one, other) => order.indexOf(one) - order.indexOf(other));
}

function codesOf(name: FindingAlertName, severity: Severity): string[] {
  return rules
    .filter(({ alert }) => alert === name)
    .filter((rule) => rule.severity === severity || (severity === 'critical' && rule.escalates === true))
    .map(({ code }) => code);
}

/** The description of an alert. `found` is the list of codes, or the template that yields it. */
export function describeAlert({ alert, codes, keepsCode }: FindingAlert, found: string): string {
  if (keepsCode) return `${alerts[alert].meaning} Finding: ${found}.`;
  const [only] = rules.filter(({ code }) => codes.length === 1 && code === codes[0]);
  return only === undefined
    ? `${alerts[alert].meaning} Findings:${found}.`
    : `${only.meaning} ${adviceOf(only)}`;
}
