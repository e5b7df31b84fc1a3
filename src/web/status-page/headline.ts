import { whyNoDeviceMapper } from '../../format/describe-state.ts';
import type { Host } from '../../model/host.ts';
import { arePoolsKnown } from '../../model/known-pools.ts';
import { type RankedPool, type Urgency, urgencies, worst } from '../../rules/ranking.ts';

interface Verdict {
  readonly host: Host;
  /** Worst first. */
  readonly ranked: readonly RankedPool[];
  /** The level of everything that is not about one of the pools. */
  readonly hostUrgency: Urgency;
}

export const levelWords: Readonly<Record<Urgency, string>> = {
  critical: 'critical',
  warning: 'warning',
  unknown: 'unknown',
  pending: 'pending',
  filling: 'filling up',
  healthy: 'healthy',
};

/** The worst of the host in one sentence. */
export function headline({ host, ranked, hostUrgency }: Verdict): string {
  if (!arePoolsKnown(host))
    return whyNoDeviceMapper(host) === undefined
      ? 'No pool data available'
      : 'This host has no device-mapper';
  const urgency = worst(ranked.map((one) => one.urgency));
  if (worst([urgency, hostUrgency]) !== urgency) return `The host ${predicates[hostUrgency][0]}`;
  if (ranked.length === 0)
    return host.excludedPools ? 'No pool of this host is watched' : 'This host has no thin pools';
  const those = ranked.filter((one) => one.urgency === urgency);
  return `${subject(those, ranked.length)} ${predicates[urgency][those.length === 1 ? 0 : 1]}`;
}

/** A single pool is named: its name is what a woken person wants to read first. */
function subject([first, ...others]: readonly RankedPool[], of: number): string {
  if (first !== undefined && others.length === 0) return first.pool.name;
  const count = others.length + 1;
  if (count < of) return `${count} of ${of} pools`;
  return of === 2 ? 'Both pools' : `All ${of} pools`;
}

const predicates: Readonly<Record<Urgency, readonly [one: string, many: string]>> = {
  critical: ['needs attention now', 'need attention now'],
  warning: ['needs attention', 'need attention'],
  unknown: ['is in an unknown state', 'are in an unknown state'],
  pending: ['may need attention soon', 'may need attention soon'],
  filling: ['is filling up', 'are filling up'],
  healthy: ['is healthy', 'are healthy'],
};

/** For the browser tab: the worst level and where it is, then the host. */
export function title(verdict: Verdict, hostName: string, isOld: boolean): string {
  return `${isOld ? 'out of date: ' : ''}${worstInBrief(verdict)} · ${hostName} · thin pools`;
}

function worstInBrief(verdict: Verdict): string {
  const { ranked, hostUrgency } = verdict;
  const [first] = ranked;
  if (first === undefined || first.urgency === 'healthy') return headline(verdict);
  if (worst([first.urgency, hostUrgency]) !== first.urgency) return headline(verdict);
  const count = ranked.filter(({ urgency }) => urgency === first.urgency).length;
  return count === 1
    ? `${levelWords[first.urgency]}: ${first.pool.name}`
    : `${count} ${levelWords[first.urgency]}`;
}

/** `2 critical`, `44 healthy`: how many pools are how urgent, worst first. Nothing where all are the same: the headline says it. */
export function countLevels(ranked: readonly RankedPool[]): readonly (readonly [Urgency, number])[] {
  const counts = urgencies
    .map((urgency) => [urgency, ranked.filter((one) => one.urgency === urgency).length] as const)
    .filter(([, count]) => count > 0);
  return counts.length < 2 ? [] : counts;
}
