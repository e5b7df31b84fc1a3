import { describe, expect, it } from 'vitest';
import { formatBytes, formatShare, parseBytes } from '../../../src/format/bytes.ts';
import { formatAge, formatDuration, parseDuration } from '../../../src/format/duration.ts';

describe('duration', () => {
  it.each([
    [0, '0s'],
    [500, '500ms'],
    [5000, '5s'],
    [90_000, '1m30s'],
    [3_600_000, '1h'],
    [90_061_001, '1d1h1m1s1ms'],
  ])('writes %d as %s, and reads it back', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    [-5, '0s'],
    [999, '0s'],
    [3700, '3s'],
    [312_000, '5m12s'],
    [86_400_000 * 2 + 3_600_000 * 4 + 60_000, '2d4h'],
  ])('writes an age of %d ms as %s', (ms, text) => {
    expect(formatAge(ms)).toBe(text);
  });
});

describe('amount', () => {
  it.each([
    ['0', 0],
    ['5368709120', 5 * 1024 ** 3],
    ['5GiB', 5 * 1024 ** 3],
    ['5G', 5 * 1024 ** 3],
    ['5 gb', 5 * 1024 ** 3],
    ['500M', 500 * 1024 ** 2],
    ['1.5t', 1.5 * 1024 ** 4],
    ['12B', 12],
    ['0.1k', 103],
    ['', undefined],
    ['5GiBB', undefined],
    ['-5', undefined],
    ['1e3', undefined],
    ['5%', undefined],
    ['9999E', undefined],
  ])('reads %j as %s bytes', (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });

  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [38_139_658_240, '35.5 GiB'],
    [214_748_364_800, '200 GiB'],
    [-4_194_304, '-4.0 MiB'],
    [2 ** 70, '1024 EiB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each([
    [0, 3_276_800, '0.00%'],
    [1, 3_276_800, '0.01%'],
    [581_965, 3_276_800, '17.76%'],
    [3_276_799, 3_276_800, '99.99%'],
    [3_276_800, 3_276_800, '100.00%'],
  ])('writes %d of %d as %s', (used, total, text) => {
    expect(formatShare(used, total)).toBe(text);
  });
});
