import type { LogicalVolume } from '../../model/facts.ts';

/** Under this name a row holds a size as people read it; what is in `lv_size` is exact. */
export const roundedSizeField = 'rounded_size';

const units = ['b', 'k', 'm', 'g', 't', 'p', 'e'];

/** `<95.00g` and `95.00g` are both rounded to two decimals; small letters are powers of 1024, capitals of 1000 (man lvs, --units). */
export function readRoundedSize(text: string | undefined): LogicalVolume['roundedSize'] {
  const { amount, unit } =
    /^<?(?<amount>\d{1,9}\.\d\d)(?<unit>[kmgtpeKMGTPE])$/.exec(text ?? '')?.groups ?? {};
  if (amount === undefined || unit === undefined) return undefined;
  const base = unit === unit.toLowerCase() ? 1024 : 1000;
  const unitBytes = base ** units.indexOf(unit.toLowerCase());
  const bytes = Math.round(Number(amount) * unitBytes);
  // From 8 PiB on, a number is no longer every byte.
  if (!Number.isSafeInteger(bytes)) return undefined;
  return { bytes, roundingBytes: Math.ceil(unitBytes / 200) };
}
