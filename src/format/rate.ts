import { formatBytes } from './bytes.ts';

export const mebibyte = 1024 ** 2;

/** Units of time, smallest first, with their seconds. */
const units = [
  ['s', 1],
  ['min', 60],
  ['h', 3600],
  ['day', 86_400],
] as const;

/** `12.0 MiB/s`, `3.4 GiB/h`: in the smallest unit of time that gives at least 1 MiB. */
export function formatRate(bytesPerSecond: number): string {
  const [name, seconds] = units.find(([, length]) => Math.abs(bytesPerSecond) * length >= mebibyte) ?? [
    'day',
    86_400,
  ];
  return `${formatBytes(Math.round(bytesPerSecond * seconds))}/${name}`;
}
