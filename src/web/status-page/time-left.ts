import { formatAge } from '../../format/duration.ts';
import type { Target } from '../../model/finding.ts';
import type { RankedPool } from '../../rules/ranking.ts';
import { isCalm, type TimeLeft } from '../../thinpool/forecast.ts';
import { willBeExtended } from '../../thinpool/will-be-extended.ts';

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
  return seconds === 0 ? state : `${state} in ${describeSeconds(seconds)}`;
}

function describeSeconds(seconds: number): string {
  return seconds > farSeconds ? 'months' : formatAge(Math.max(1, seconds) * 1000);
}

/** The largest words on a pool, and what belongs to them. */
export interface Figure {
  readonly text: string;
  /** `time`: short, and urgent. `state`: what matters instead of a time. `none`: nothing runs out, or nothing is known. */
  readonly kind: 'time' | 'state' | 'none';
  /** To which limit of what, and what else is known, in this order. */
  readonly notes: readonly string[];
}

/** The time left to the next limit that a pool has not reached, of the resource that reaches one first. */
export function figureOf(ranked: RankedPool): Figure {
  const { timesLeft, pool } = ranked;
  const [first] = timesLeft;
  if (first === undefined) return withoutTime(ranked);
  const { resource } = first;
  const own = timesLeft.filter((one) => one.resource === resource);
  const reached = own.find(({ seconds }) => seconds === 0);
  if (reached?.target === 'full') return { text: 'full', kind: 'time', notes: [resource] };
  const ahead = own.filter(({ seconds, isRough }) => seconds > 0 && isRough !== true);
  const rough = own.filter(({ isRough }) => isRough === true);
  const [next, ...later] = ahead;
  const extended = reached === undefined && willBeExtended(pool, resource);
  const rest = [
    ...later.map(describeTimeLeft),
    ...(rough.length === 0 ? [] : [describeTimesLeft(rough)]),
    ...(extended ? ['LVM can extend it before that'] : []),
  ];
  if (next !== undefined) {
    const now = reached === undefined ? [] : ['below minimum free now'];
    const to = `to ${limitWords[next.target]} (${resource})`;
    return { text: describeSeconds(next.seconds), kind: 'time', notes: [to, ...now, ...rest] };
  }
  if (reached !== undefined) return { text: 'below minimum free', kind: 'state', notes: [resource, ...rest] };
  const atThisRate = `at this rate ${rough.map(describeTimeLeft).join(', ')} (${resource})`;
  const others = extended ? ['LVM can extend it before that'] : [];
  return { text: 'too early to say', kind: 'none', notes: [atThisRate, ...others] };
}

const limitWords: Readonly<Record<Target, string>> = { full: 'full', minimum_free: 'minimum free' };

function withoutTime({ pool, trend }: RankedPool): Figure {
  if (pool.presence === 'inactive')
    return { text: 'not active', kind: 'state', notes: ['nothing on it can be used'] };
  if (isCalm(pool, trend)) return { text: 'not filling up', kind: 'none', notes: [] };
  return { text: 'time left unknown', kind: 'none', notes: [] };
}
