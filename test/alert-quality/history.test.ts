import { describe, expect, it } from 'vitest';
import { allHistories } from './history.ts';

describe('histories', () => {
  it.each(allHistories().map((h) => [h.id, h] as const))('%s', (_, h) => {
    const outcome = h.truth.fills ? 'fills' : h.truth.isQuiet ? 'quiet' : 'crosses';
    expect(outcome).toBe(h.of.outcome);
  });
});
