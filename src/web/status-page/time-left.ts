import { formatAge } from '../../format/duration.ts';
import type { TimeLeft } from '../../thinpool/forecast.ts';

const farSeconds = 60 * 86_400;

/** `below minimum free in 30s, full in 4m10s`. What is not steady enough for a forecast comes last, and says so. */
export function describeTimesLeft(times: readonly TimeLeft[]): string {
  const steady = times.filter(({ isRough }) => isRough !== true).map(describeTimeLeft);
  const rough = times.filter(({ isRough }) => isRough === true).map(describeTimeLeft);
  const tooEarly = rough.length === 0 ? [] : [`too early to say: at this rate ${rough.join(', ')}`];
  return [...(steady.length === 0 ? [] : [steady.join(', ')]), ...tooEarly].join('; ');
}

/** Distant times are not precise. */
function describeTimeLeft({ target, seconds }: TimeLeft): string {
  const state = target === 'full' ? 'full' : 'below minimum free';
  if (seconds === 0) return state;
  return seconds > farSeconds
    ? `${state} in months`
    : `${state} in ${formatAge(Math.max(1, seconds) * 1000)}`;
}
