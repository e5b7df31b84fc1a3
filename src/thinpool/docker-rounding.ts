/** Docker prints sizes with at most so many digits (go-units HumanSize, `%.4g`). */
export const printedDigits = 4;

/**
 * How far at most the true size lies from a size that Docker printed: half a unit of the fourth digit. Bytes below
 * 1000 are exact. (Docker up to 1.2 rounded to 0.1 MiB; that is not told here.)
 */
export function roundingBytes(printedBytes: number): number {
  if (printedBytes < 1000) return 0;
  return 10 ** (Math.floor(Math.log10(printedBytes)) - printedDigits + 1) / 2;
}
