import type { FindingAlertName } from '../model/alert-name.ts';
import { type Severity, severities } from '../model/finding.ts';
import { minuteSeconds } from '../model/units.ts';
import { rules } from '../rules/evaluate.ts';
import { adviceOf, type Rule } from '../rules/rule.ts';
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
  /** Those of them that have the severity without an option that sets it. */
  readonly usual: readonly string[];
  /** One alert for each code, not one for all of them. */
  readonly keepsCode: boolean;
}

/** One for each alert name and severity: an operator may set any severity for any finding, and it must not go unheard. */
export const findingAlerts: readonly FindingAlert[] = alertNames().flatMap((alert) =>
  severities.map((severity) => {
    const own = rules.filter((rule) => rule.alert === alert);
    return {
      alert,
      severity,
      codes: own.map(({ code }) => code),
      usual: own.filter((rule) => hasUsually(rule, severity)).map(({ code }) => code),
      keepsCode: alerts[alert].keepsCode === true,
    };
  }),
);

/** In the order of the alerts, worst first. */
function alertNames(): readonly FindingAlertName[] {
  const order = Object.keys(alerts);
  const names = [...new Set(rules.map(({ alert }) => alert))];
  return names.sort((one, other) => order.indexOf(one) - order.indexOf(other));
}

function hasUsually(rule: Rule, severity: Severity): boolean {
  return rule.severity === severity || (severity === 'critical' && rule.escalates === true);
}

/** The description of an alert. `found` is the list of codes, or the template that yields it. */
export function describeAlert({ alert, keepsCode }: FindingAlert, found: string): string {
  return `${alerts[alert].meaning} ${keepsCode ? 'Finding: ' : 'Findings:'}${found}.`;
}

/** What to do, where one code alone raises the alert, or usually does; `others` are the codes that then have not been found. */
export function describeOnly({
  codes,
  usual,
  keepsCode,
}: FindingAlert): { readonly text: string; readonly others: readonly string[] } | undefined {
  const [code, ...more] = codes.length === 1 ? codes : usual;
  const only = keepsCode || more.length > 0 ? undefined : rules.find((rule) => rule.code === code);
  return (
    only && {
      text: `${only.meaning} ${adviceOf(only)}`,
      others: codes.filter((one) => one !== only.code),
    }
  );
}
