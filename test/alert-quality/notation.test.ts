import { describe, expect, it } from 'vitest';
import { notate } from './notation.ts';

describe('notation of samples', () => {
  it.each([
    ['a flat stretch', [7, 7, 7, 7], '7+0x3'],
    ['a ramp', [1, 3, 5, 7], '1+2x3'],
    ['a ramp down', [7, 5, 3], '7-2x2'],
    ['single values', [7, 1, 100], '7 1 100'],
    ['a corner', [1, 2, 3, 3, 3], '1+1x2 3+0x1'],
    ['holes', [1, undefined, undefined, 2, undefined], '1 _x2 2 _'],
    ['an end', [1, 'stale', undefined, 1], '1 stale _ 1'],
    ['nothing', [], ''],
  ] as const)('writes %s', (_, samples, text) => {
    expect(notate(samples)).toBe(text);
  });

  it('keeps a ramp to half a byte, and ends it where that is lost', () => {
    const bent = [0, 1000, 2000.3, 3000.4, 4001];
    expect(notate(bent)).toBe('0+1000x3 4001');
    expect(notate([10, 10, 10.3])).toBe('10+0x1 10.3');
  });
});
