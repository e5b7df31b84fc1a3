import { formatAge } from '../../format/duration.ts';
import { formatRate, mebibyte } from '../../format/rate.ts';
import type { SpaceTrend } from '../../model/trend.ts';

/** `grows by 2.0 MiB/s over the last 5m` */
export function describeGrowth(trend: SpaceTrend | undefined): string {
  const rate = trend?.bytesPerSecond;
  if (rate === undefined) return 'growth rate not known yet';
  const over = trend?.overMs === undefined ? '' : ` over the last ${formatAge(trend.overMs)}`;
  if (isTiny(rate)) return `${rate > 0 ? 'grows by less than 1 MiB/day' : 'steady'}${over}`;
  return `${rate > 0 ? 'grows' : 'shrinks'} by ${formatRate(Math.abs(rate))}${over}`;
}

/** `+2.0 MiB/s`, for a column. */
export function describeGrowthBriefly(trend: SpaceTrend | undefined): string {
  const rate = trend?.bytesPerSecond;
  if (rate === undefined) return '–';
  return isTiny(rate) ? 'steady' : `${rate > 0 ? '+' : '−'}${formatRate(Math.abs(rate))}`;
}

function isTiny(rate: number): boolean {
  return Math.abs(rate) * 86_400 < mebibyte;
}
