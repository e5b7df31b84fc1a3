import { expect, it } from 'vitest';
import { findingCodes } from '../../src/health/codes.ts';
import { rules } from '../../src/health/evaluate.ts';

it('names every rule once, in their order', () => {
  expect(rules.map(({ code }) => code)).toEqual(findingCodes);
});
