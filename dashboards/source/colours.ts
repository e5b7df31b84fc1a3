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

/** The base colour, and further colours, each from a value up. */
export function thresholds(base: Colour, ...steps: readonly (readonly [number, Colour])[]): ThresholdsConfig {
  return {
    mode: ThresholdsMode.Absolute,
    steps: [{ value: null, color: base }, ...steps.map(([value, color]) => ({ value, color }))],
  };
}

export const plain = thresholds('text');
/** For a number that should be 0. */
export const anyIs = (colour: Colour): ThresholdsConfig => thresholds('green', [1, colour]);
/** Usage of a pool. LVM usually extends at 80%, if autoextend is configured. */
export const fullness = thresholds('green', [0.8, 'orange'], [0.9, 'red']);
const hurry = [
  [0, 'red'],
  [3600, 'orange'],
  [86_400, 'green'],
] as const;
/** Time left: less than an hour is a page, less than a day is work for today. Unknown has no colour. */
export const haste = thresholds('text', ...hurry);
/** `haste` for the background of a cell. */
export const hasteBehind = thresholds('transparent', ...hurry);

/** Maps each value to a text and a colour. */
export function words(of: Readonly<Record<string, readonly [text: string, Colour]>>): ValueMapping {
  const options = Object.entries(of).map(([value, [text, color]], index) => [value, { text, color, index }]);
  return { type: MappingType.ValueToText, options: Object.fromEntries(options) };
}

/** Maps a range of values to a text and a colour. */
export function range(from: number, to: number | null, text: string, color: Colour): ValueMapping {
  return { type: MappingType.RangeToText, options: { from, to, result: { text, color, index: 0 } } };
}

export const asGoodAsNever = range(longTime, null, '> 30 days', 'green');
