import type { AlertName } from '../model/alert-name.ts';
import { rules } from './evaluate.ts';

/** Where the project can be found. */
export const repository = 'https://github.com/thinpool-exporter/thinpool-exporter';

/** Where docs/runbooks can be read. */
export const runbooks = `${repository}/blob/main/docs/runbooks`;

/** The runbook of an alert, as an address. */
export function runbookOf(alert: AlertName): string {
  return `${runbooks}/${alert}.md`;
}

const alertOfCode = new Map(rules.map(({ code, alert }) => [code, alert]));

/** The runbook of a finding, as an address; undefined for a code that is none of ours. */
export function runbookAddress(code: string): string | undefined {
  const alert = alertOfCode.get(code);
  return alert && runbookOf(alert);
}
