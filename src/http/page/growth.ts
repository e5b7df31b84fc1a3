import type { SpaceTrend } from '../../model/trend.ts';
import { formatBytes } from '../../text/amount.ts';
import { formatAge } from '../../text/duration.ts';

const mebibyte = 1024 ** 2;

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

/** What a resource has been doing lately, as a clause. */
export function describeGrowth(trend: SpaceTrend | undefined): string {
  const rate = trend?.bytesPerSecond;
  if (rate === undefined) return 'growth not known yet';
  const over = trend?.overMs === undefined ? '' : ` over the last ${formatAge(trend.overMs)}`;
  if (Math.abs(rate) * 86_400 < mebibyte) return `steady${over}`;
  return `${rate > 0 ? 'grows' : 'shrinks'} by ${formatRate(Math.abs(rate))}${over}`;
}
