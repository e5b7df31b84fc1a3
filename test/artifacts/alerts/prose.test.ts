import { expect, it } from 'vitest';
import { alerts } from '../../../src/alerting/names.ts';
import { inhibitions } from '../../../src/alerting/prometheus/alertmanager.ts';
import { groups } from '../../../src/alerting/prometheus/groups.ts';
import { findingCodes } from '../../../src/rules/evaluate.ts';
import { stages } from '../../../src/rules/stages.ts';
import { type Threshold, thresholds } from '../../../src/rules/thresholds.ts';
import { explain, findBannedPhrases } from '../../support/banned-phrases.ts';

/** Each text for operators, by where it comes from. */
const texts: readonly (readonly [where: string, text: string])[] = [
  ...Object.entries(alerts).map(([name, { meaning }]) => [name, meaning] as const),
  ...groups.flatMap((group) => group.alerts.map((rule) => [`${rule.alert}: summary`, rule.summary] as const)),
  ...groups.flatMap((group) =>
    group.alerts.map((rule) => [`${rule.alert}: description`, rule.description] as const),
  ),
  ...groups.flatMap((group) => group.records.map(({ record, help }) => [record, help] as const)),
  ...stages.flatMap((stage) =>
    stage.trends.map(({ because }) => [`${stage.alert}: trend`, because] as const),
  ),
  ...Object.entries<Threshold>(thresholds).map(([name, { reason }]) => [name, reason] as const),
  ...inhibitions.map(({ because }) => ['inhibition', because] as const),
];

it('finds texts of every kind', () => {
  expect(texts.length).toBeGreaterThan(150);
  expect(texts.filter(([, text]) => text.trim() === '')).toEqual([]);
});

it.each(texts)('%s has no banned phrase: %s', (where, text) => {
  expect(findBannedPhrases(withoutCodes(text)).map((use) => explain(where, use))).toEqual([]);
});

it.each(texts)('%s says what it means itself: %s', (_, text) => {
  expect(text).not.toMatch(/^the same\b(?! alert)/i);
});

/** Codes are names, not prose. */
function withoutCodes(text: string): string {
  return findingCodes.reduce((rest, code) => rest.replaceAll(code, ''), text);
}
