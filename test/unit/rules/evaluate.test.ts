import { expect, it } from 'vitest';
import { rules } from '../../../src/rules/evaluate.ts';
import { adviceOf } from '../../../src/rules/rule.ts';
import { explain, findBannedPhrases } from '../../support/banned-phrases.ts';

it('has one rule for each code', () => {
  const codes = rules.map(({ code }) => code);
  expect([...new Set(codes)]).toEqual(codes);
});

it.each(rules)('$code has no banned phrase', (rule) => {
  const text = `${rule.meaning}\n${adviceOf(rule)}`;
  expect(findBannedPhrases(text).map((use) => explain(rule.code, use))).toEqual([]);
});
