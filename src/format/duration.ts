const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;

const grammar =
  /^(?:(?<d>\d{1,6})d)?(?:(?<h>\d{1,6})h)?(?:(?<m>\d{1,6})m)?(?:(?<s>\d{1,6})s)?(?:(?<ms>\d{1,9})ms)?$/;

/** `5s`, `1m30s`, `500ms` to milliseconds; undefined for any other text. */
export function parseDuration(text: string): number | undefined {
  const groups = grammar.exec(text)?.groups;
  if (groups === undefined || text === '') return undefined;
  let ms = 0;
  for (const [unit, size] of units) ms += Number(groups[unit] ?? 0) * size;
  return ms;
}

/** The inverse of `parseDuration`, exact: defaults read as a user would write them. */
export function formatDuration(ms: number): string {
  let rest = Math.max(0, Math.round(ms));
  let text = '';
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text === '' ? '0s' : text;
}

/** An age in ms as its two largest units: `3s`, `5m12s`, `2d4h`. */
export function formatAge(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const parts = formatDuration(seconds * 1000).match(/\d+[a-z]+/g) ?? [];
  return parts.slice(0, 2).join('');
}
