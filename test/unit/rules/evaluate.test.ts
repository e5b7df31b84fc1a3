import { expect, it } from 'vitest';
import { rules } from '../../../src/rules/evaluate.ts';

it('has one rule for each code', () => {
  const codes = rules.map(({ code }) => code);
  expect([...new Set(codes)]).toEqual(codes);
});
