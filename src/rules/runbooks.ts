import type { AlertName } from '../model/alert-name.ts';
import { projectRunbooks } from '../model/project.ts';

/** The runbook of an alert, as an address. `base` contains `{alert}`, or gets the name as its last part. */
export function runbookOf(alert: AlertName, base: string = projectRunbooks): string {
  return base.includes('{alert}')
    ? base.replaceAll('{alert}', alert)
    : `${base.replace(/\/+$/, '')}/${alert}`;
}
