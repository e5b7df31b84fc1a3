import type { Target } from '../model/finding.ts';
import type { Resource } from '../model/pool.ts';
import { atTheEnd } from '../rules/stages.ts';

/** What differs from alert to alert: the values in a notification, Prometheus' templates for them in a rule. */
export interface AlertWords {
  /** `Pool NAME on INSTANCE`, or `Host INSTANCE`. */
  readonly subject: string;
  readonly instance: string;
  /** `data`, `metadata`, or both. */
  readonly resource: string;
  /** `collector NAME`, or `a collector` where none is named. */
  readonly collector: string;
  readonly code: string;
  /** `in 46 s`, or `within minutes`. */
  readonly time: string;
  /** The words for the limit that the alert is about. */
  readonly byTarget: (full: string, minimumFree: string) => string;
}

export const anyResource = 'data or metadata';
export const unnamedCollector = 'a collector';

interface ForecastWords extends Pick<AlertWords, 'subject'> {
  /** How much is left. */
  readonly left: string;
  /** `46 s` */
  readonly time: string;
}

/** Both texts of an alert about space that runs out. */
export function describeForecast(
  resource: Resource,
  target: Target,
  { subject, left, time }: ForecastWords,
): { readonly summary: string; readonly description: string } {
  const isMinimumFree = target === 'minimum_free';
  return {
    summary: isMinimumFree
      ? `${subject}: free ${resource} falls below its minimum in ${time}`
      : `${subject} runs out of ${resource} space in ${time}`,
    description: `${left} of ${resource} left${isMinimumFree ? ' above the minimum free space' : ''}, used up in ${time} at the current growth rate. Then ${atTheEnd[target][resource]}.`,
  };
}

/** `in 46 s`, `in 2m 27s`, as the templates of the rules write the time of a forecast. */
export function describeTime(seconds: number | undefined): string {
  if (seconds === undefined) return 'within minutes';
  if (seconds < 1) return 'in less than 1 s';
  if (seconds < 60) return `in ${seconds.toFixed(0)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `in ${minutes}m ${Math.floor(seconds % 60)}s`
    : `in ${Math.floor(minutes / 60)}h ${minutes % 60}m ${Math.floor(seconds % 60)}s`;
}
