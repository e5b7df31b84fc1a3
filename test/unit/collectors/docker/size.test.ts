import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSize, snapBlockSize } from '../../../../src/collectors/docker/size.ts';
import { ParseError } from '../../../../src/collectors/shared/errors.ts';
import { roundingBytes } from '../../../../src/thinpool/docker-rounding.ts';

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];

/** Go's `%.4g` with a decimal unit: divides as go-units does, one thousand at a time. */
function humanSize(bytes: number, space: string): string {
  let value = bytes;
  let power = 0;
  for (; value >= 1000 && power < units.length - 1; power += 1) value /= 1000;
  return `${Number(value.toPrecision(4))}${space}${units[power]}`;
}

const parse = (text: string) => parseSize(text, `Key: ${text}`);

describe('sizes of Docker 1.3 and later', () => {
  test.each([
    ['0 B', 0],
    ['0B', 0],
    ['999 B', 999],
    ['65.54 kB', 65_540],
    ['524.3kB', 524_300],
    ['1000 kB', 1_000_000],
    ['7.039 GB', 7_039_000_000],
    ['17 GB', 17_000_000_000],
    ['10.2GB', 10_200_000_000],
    ['1.5 PB', 1_500_000_000_000_000],
    ['18.45 EB', 18_450_000_000_000_000_000],
  ])('%s', (text, bytes) => {
    expect(parse(text)).toBe(bytes);
  });
});

describe('sizes of Docker up to 1.2 are binary', () => {
  test.each([
    ['102400.0 Mb', 107_374_182_400],
    ['291.5 Mb', 305_659_904],
    ['0.7 Mb', 734_003],
    ['0.0 Mb', 0],
    ['64 Kb', 65_536],
  ])('%s', (text, bytes) => {
    expect(parse(text)).toBe(bytes);
  });
});

describe('what Docker never prints is refused', () => {
  test.each([
    ...[
      '',
      ' ',
      'GB',
      '38.14',
      '38,14 GB',
      '-1 GB',
      '+1 GB',
      '1e3 GB',
      'NaN GB',
      '38.14 GiB',
      '38.14 gB',
      '38.14  GB',
    ],
    ...[
      '38.140 GB',
      '17.0 GB',
      '017 GB',
      '0.5 GB',
      '0 GB',
      '38.1456 GB',
      '214.75 GB',
      '1234 GB',
      '1000 B',
      '1000.5 GB',
    ],
    ...[
      '1.5 B',
      '19 EB',
      '999 EB',
      '1 ZB',
      '38.14 GB x',
      '３8 GB',
      '7 Mb',
      '64.0 Kb',
      '.5 GB',
      '5. GB',
      '12345678901 Kb',
    ],
  ])('%j', (text) => {
    expect(() => parse(text)).toThrow(ParseError);
  });

  test('with the line', () => {
    expect(() => parseSize('many', 'Data Space Used: many')).toThrow(
      'expected a size such as 38.14 GB, got "Data Space Used: many"',
    );
  });
});

describe('rounding', () => {
  test('every size is within its rounding of what is printed', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 63n }),
        fc.nat(62),
        fc.constantFrom('', ' '),
        (wide, shift, space) => {
          const bytes = Number(wide >> BigInt(shift));
          const printed = parse(humanSize(bytes, space));
          expect(Math.abs(printed - bytes)).toBeLessThanOrEqual(roundingBytes(printed) * (1 + 1e-9));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test.each([
    [0, 0],
    [999, 0],
    [1000, 0.5],
    [38_140_000_000, 5_000_000],
    [214_700_000_000, 50_000_000],
    [10 ** 15, 5 * 10 ** 11],
  ])('of %d is %d', (printed, rounding) => {
    expect(roundingBytes(printed)).toBe(rounding);
  });
});

describe('block sizes', () => {
  test.each([
    [65_540, 65_536],
    [524_300, 524_288],
    [65_536, 65_536],
    [196_600, 196_608],
    [1_049_000, 1_048_576],
    [67_110_000, 67_108_864],
  ])('%d was %d', (printed, bytes) => {
    expect(snapBlockSize(printed)).toBe(bytes);
  });

  test.each([
    ['nothing', 0],
    ['no multiple of 64 KiB', 70_000],
    ['less than a block', 4096],
    ['several multiples', 1_074_000_000],
  ])('unknown where it is %s', (_, printed) => {
    expect(snapBlockSize(printed)).toBeUndefined();
  });

  test('every one up to 64 MiB is found', () => {
    for (let bytes = 65_536; bytes <= 67_108_864; bytes += 65_536) {
      expect(snapBlockSize(parse(humanSize(bytes, ' ')))).toBe(bytes);
    }
  });
});
