import type { ThresholdsConfig, ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { MappingType, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';
import { longTime } from './promql.ts';

export type Colour =
  | 'green'
  | 'yellow'
  | 'orange'
  | 'red'
  | 'dark-red'
  | 'blue'
  | 'purple'
  | 'text'
  | 'transparent';

/** A colour from the beginning, and others from a value on. */
export function thresholds(base: Colour, ...steps: readonly (readonly [number, Colour])[]): ThresholdsConfig {
  return {
    mode: ThresholdsMode.Absolute,
    steps: [{ value: null, color: base }, ...steps.map(([value, color]) => ({ value, color }))],
  };
}

export const plain = thresholds('text');
/** A number that ought to be 0. */
export const anyIs = (colour: Colour): ThresholdsConfig => thresholds('green', [1, colour]);
/** What is used of a pool: LVM extends at 80 % where it is set up to. */
export const fullness = thresholds('green', [0.8, 'orange'], [0.9, 'red']);
const hurry = [
  [0, 'red'],
  [3600, 'orange'],
  [86_400, 'green'],
] as const;
/** Time that is left: less than an hour is a page, less than a day is work for today. What is not known has no colour. */
export const haste = thresholds('text', ...hurry);
/** The same for the background of a cell. */
export const hasteBehind = thresholds('transparent', ...hurry);

/** Words for values, each with its colour. */
export function words(of: Readonly<Record<string, readonly [text: string, Colour]>>): ValueMapping {
  const options = Object.entries(of).map(([value, [text, color]], index) => [value, { text, color, index }]);
  return { type: MappingType.ValueToText, options: Object.fromEntries(options) };
}

/** A word for all values from one to another. */
export function range(from: number, to: number | null, text: string, color: Colour): ValueMapping {
  return { type: MappingType.RangeToText, options: { from, to, result: { text, color, index: 0 } } };
}

export const asGoodAsNever = range(longTime, null, '> 30 days', 'green');
