import type { FieldConfig, Mapping, Panel, Target } from './dashboard.ts';
import type { Answer } from './prometheus.ts';

/** What is wrong with what a target of a panel got. */
export function problemsOf(panel: Panel, target: Target, answers: readonly Answer[]): readonly string[] {
  const values = answers.flatMap(({ points }) => points.map(([, value]) => value));
  if (values.length === 0) return ['no data'];
  if (values.every(Number.isNaN)) return ['all NaN'];
  const field = fieldOf(panel, target);
  return [
    ...values.filter((value) => !Number.isFinite(value)).map((value) => `is ${value}`),
    ...withoutLegend(target, answers),
    ...beyond(field, values),
    ...withoutWord(field, values),
  ].filter((problem, at, all) => all.indexOf(problem) === at);
}

function withoutLegend({ legendFormat = '' }: Target, answers: readonly Answer[]): string[] {
  const named = [...legendFormat.matchAll(/\{\{(?<label>\w+)\}\}/g)].map(
    ({ groups }) => groups?.['label'] ?? '',
  );
  return answers.flatMap(({ labels }) =>
    named.filter((label) => !labels[label]).map((label) => `a series without ${label}`),
  );
}

function beyond(
  { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }: FieldConfig,
  values: readonly number[],
) {
  return values
    .filter((value) => value < min || value > max)
    .map((value) => `${value} is not in ${min} to ${max}`);
}

/** A number without a unit that is given words has a word for each of its values; elsewhere they are for some. */
function withoutWord({ unit, mappings = [] }: FieldConfig, values: readonly number[]): string[] {
  if (mappings.length === 0 || unit !== 'none') return [];
  return values
    .filter((value) => !mappings.some((mapping) => isMapped(mapping, value)))
    .map((value) => `no word for ${value}`);
}

function isMapped({ type, options }: Mapping, value: number): boolean {
  if (type === 'value') return options[String(value)] !== undefined;
  const { from, to } = options as { from: number | null; to: number | null };
  return type === 'range' && value >= (from ?? -Infinity) && value <= (to ?? Infinity);
}

/** How the value of a target is shown: as the panel does, but for the overrides that meet it. */
export function fieldOf(
  { fieldConfig, transformations = [] }: Panel,
  { refId, legendFormat = '' }: Target,
): FieldConfig {
  const renamed = Object.assign({}, ...transformations.map(({ options }) => options['renameByName'] ?? {}));
  const names = [legendFormat, renamed[`Value #${refId}`], renamed['Value']];
  const met = (fieldConfig?.overrides ?? []).filter(({ matcher: { id, options } }) =>
    id === 'byFrameRefID' ? options === refId : names.includes(options),
  );
  return Object.assign(
    { ...fieldConfig?.defaults },
    ...met.flatMap(({ properties }) => properties.map(({ id, value }) => ({ [id]: value }))),
  );
}
