/** Maximum number of digits of sizes that Docker prints (go-units HumanSize, `%.4g`). */
export const printedDigits = 4;

/**
 * The maximum rounding error of a size that Docker printed, in bytes: half a unit of the fourth digit. Below 1000 bytes
 * sizes are exact. (Docker up to 1.2 rounded to 0.1 MiB, which is ignored here.)
 */
export function roundingBytes(printedBytes: number): number {
  if (printedBytes < 1000) return 0;
  return 10 ** (Math.floor(Math.log10(printedBytes)) - printedDigits + 1) / 2;
}
