import { formatDuration } from '../../format/duration.ts';
import { minuteSeconds } from '../../model/units.ts';
import { type ThresholdName, thresholds } from '../../rules/thresholds.ts';

/** A duration as PromQL and YAML write it. */
export function duration(seconds: number): string {
  return formatDuration(seconds * 1000);
}

/** A threshold as a range, without the brackets. */
export function range(name: ThresholdName): string {
  return duration(thresholds[name].value);
}

/** Seconds between what rules record for windows of hours. */
export const recordedEvery = minuteSeconds;

/**
 * A threshold as a range over what is recorded each minute about the minute before. The oldest of it begins where the threshold
 * does.
 */
export function recordedRange(name: ThresholdName): string {
  return duration(thresholds[name].value - recordedEvery);
}

/** Operands of a set operator, each on its own lines. */
export function joined(operator: 'and' | 'or' | 'unless', operands: readonly string[]): string {
  return operands.join(`\n${operator} `);
}
