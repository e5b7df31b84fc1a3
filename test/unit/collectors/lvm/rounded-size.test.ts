import { expect, test } from 'vitest';
import { readRoundedSize } from '../../../../src/collectors/lvm/rounded-size.ts';

test.each([
  ['<95.00g', 95 * 1024 ** 3, 5_368_710],
  ['4.00m', 4 * 1024 ** 2, 5243],
  ['1.50T', 1.5e12, 5_000_000_000],
])('%s', (text, bytes, roundingBytes) => {
  expect(readRoundedSize(text)).toEqual({ bytes, roundingBytes });
});

test.each([undefined, '', '95', '95g', '95.0g', '1.00x'])('%j is none', (text) => {
  expect(readRoundedSize(text)).toBeUndefined();
});
