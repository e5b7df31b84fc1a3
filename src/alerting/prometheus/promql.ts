import { formatDuration } from '../../format/duration.ts';
import { type ThresholdName, thresholds } from '../../rules/thresholds.ts';

/** A duration as PromQL and YAML write it. */
export function duration(seconds: number): string {
  return formatDuration(seconds * 1000);
}

/** A threshold as a range, without the brackets. */
export function range(name: ThresholdName): string {
  return duration(thresholds[name].value);
}

/** Operands of a set operator, each on its own lines. */
export function joined(operator: 'and' | 'or' | 'unless', operands: readonly string[]): string {
  return operands.join(`\n${operator} `);
}
