const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

/** Bytes in a binary unit, with one to four digits before the point: `35.5 GiB`. LVM's `g` is the same unit. */
export function formatBytes(bytes: number): string {
  let value = Math.abs(bytes);
  let at = 0;
  while (value >= 1024 && at < units.length - 1) {
    value /= 1024;
    at += 1;
  }
  const digits = at === 0 || value >= 100 ? 0 : 1;
  return `${bytes < 0 ? '-' : ''}${value.toFixed(digits)} ${units[at]}`;
}

/** A percentage with two decimals: `100.00%` only if full, `0.00%` only if empty. */
export function formatShare(used: number, total: number): string {
  const percent = (used / total) * 100;
  if (used < total && percent > 99.99) return '99.99%';
  if (used > 0 && percent < 0.01) return '0.01%';
  return `${percent.toFixed(2)}%`;
}

/** Letters as LVM and Docker users write them: binary, with or without `iB` or `B`. */
const amount = /^(?<number>\d{1,15}(?:\.\d{1,6})?)\s*(?:(?<letter>[KMGTPE])(?:iB?|B)?|B)?$/i;

/** `5GiB`, `5G`, `500M`, `1.5t` or bytes as a whole number of bytes; undefined for any other text. Every unit is a power of 1024. */
export function parseBytes(text: string): number | undefined {
  const { number, letter } = amount.exec(text.trim())?.groups ?? {};
  if (number === undefined) return undefined;
  const power = letter === undefined ? 0 : 'KMGTPE'.indexOf(letter.toUpperCase()) + 1;
  const bytes = Math.ceil(Number(number) * 1024 ** power);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
