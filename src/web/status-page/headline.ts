import type { Host } from '../../model/host.ts';
import { type Case, type Level, worst } from './ranking.ts';

interface Verdict {
  readonly host: Host;
  /** Worst first. */
  readonly cases: readonly Case[];
  /** The level of everything that is not about one of the pools. */
  readonly hostLevel: Level;
}

/** The worst of the host in one sentence. */
export function headline({ host, cases, hostLevel }: Verdict): string {
  if (!host.discovered) return 'No pool data available';
  const level = cases[0]?.level ?? 'well';
  if (worst([level, hostLevel]) !== level) return `The host ${predicates[hostLevel][0]}`;
  if (cases.length === 0) return 'This host has no thin pools';
  const those = cases.filter((one) => one.level === level);
  return `${subject(those, cases.length)} ${predicates[level][those.length === 1 ? 0 : 1]}`;
}

/** A single pool is named: its name is what a woken person wants to read first. */
function subject([first, ...others]: readonly Case[], of: number): string {
  if (first !== undefined && others.length === 0) return first.pool.name;
  const count = others.length + 1;
  if (count < of) return `${count} of ${of} pools`;
  return of === 2 ? 'Both pools' : `All ${of} pools`;
}

const predicates: Readonly<Record<Level, readonly [one: string, many: string]>> = {
  critical: ['needs attention now', 'need attention now'],
  warning: ['needs attention', 'need attention'],
  unknown: ['is in an unknown state', 'are in an unknown state'],
  well: ['is healthy', 'are healthy'],
};

/** For the browser tab: the worst level, and where it is. */
export function title(verdict: Verdict): string {
  const [first] = verdict.cases;
  const isPool =
    first !== undefined && first.level !== 'well' && worst([first.level, verdict.hostLevel]) === first.level;
  return `${isPool ? `${first.level}: ${first.pool.name}` : headline(verdict)} · thinpool-exporter`;
}
