import { formatAge } from '../../format/duration.ts';
import { formatRate, mebibyte } from '../../format/rate.ts';
import type { SpaceTrend } from '../../model/trend.ts';

/** What a resource has been doing lately, as a clause. */
export function describeGrowth(trend: SpaceTrend | undefined): string {
  const rate = trend?.bytesPerSecond;
  if (rate === undefined) return 'growth not known yet';
  const over = trend?.overMs === undefined ? '' : ` over the last ${formatAge(trend.overMs)}`;
  if (Math.abs(rate) * 86_400 < mebibyte) return `steady${over}`;
  return `${rate > 0 ? 'grows' : 'shrinks'} by ${formatRate(Math.abs(rate))}${over}`;
}
