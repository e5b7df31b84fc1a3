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
