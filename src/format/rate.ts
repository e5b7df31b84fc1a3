import { formatBytes } from './bytes.ts';

export const mebibyte = 1024 ** 2;

/** The unit of time in which a rate is a figure that people can picture. */
const units = [
  ['s', 1],
  ['min', 60],
  ['h', 3600],
  ['day', 86_400],
] as const;

/** `12.0 MiB/s`, `3.4 GiB/h`: at least a MiB, where a day has that much. */
export function formatRate(bytesPerSecond: number): string {
  const [name, seconds] = units.find(([, length]) => Math.abs(bytesPerSecond) * length >= mebibyte) ?? [
    'day',
    86_400,
  ];
  return `${formatBytes(Math.round(bytesPerSecond * seconds))}/${name}`;
}
