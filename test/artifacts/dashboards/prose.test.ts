import { expect, it } from 'vitest';
import { explain, findBannedPhrases } from '../../support/banned-phrases.ts';
import { names, shipped } from './shipped.ts';

/** Keys of the JSON whose values a person reads. */
const read = new Set(['title', 'description', 'label', 'tooltip', 'legendFormat', 'noValue', 'text']);

const texts = names.flatMap((name) => textsIn(shipped(name)).map((text) => [name, text] as const));

it('finds texts of every dashboard', () => {
  for (const name of names)
    expect(texts.filter(([dashboard]) => dashboard === name).length, name).toBeGreaterThan(50);
});

it.each(texts)('%s has no banned phrase: %s', (name, text) => {
  expect(findBannedPhrases(text).map((use) => explain(name, use))).toEqual([]);
});

it.each(names)('%s has titles that are nouns, each only once', (name) => {
  const titles = shipped(name).panels.map(({ title = '' }) => title);
  expect(new Set(titles).size).toBe(titles.length);
  expect(titles.filter((title) => /^(who|what|how|can|do|nobody|not)\b/i.test(title))).toEqual([]);
});

/** Names of columns are values of renameByName. */
function textsIn(value: unknown, key = ''): readonly string[] {
  if (typeof value === 'string') return read.has(key) && value !== '' ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((one) => textsIn(one, key));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === 'renameByName' ? Object.values(inner as Record<string, string>) : textsIn(inner, name),
  );
}
