import { expect, it } from 'vitest';
import { findingCodes } from '../../../src/rules/codes.ts';
import { rules } from '../../../src/rules/evaluate.ts';

it('names every rule once, in their order', () => {
  expect(rules.map(({ code }) => code)).toEqual(findingCodes);
});
