import type { Host } from '../../model/host.ts';
import { arePoolsKnown } from '../../model/known-pools.ts';
import { type Case, type Level, worst } from './ranking.ts';

interface Verdict {
  readonly host: Host;
  /** Worst first. */
  readonly cases: readonly Case[];
  /** How it stands with what is not about one of the pools. */
  readonly hostLevel: Level;
}

/** The whole host in one sentence, about what is worst. */
export function headline({ host, cases, hostLevel }: Verdict): string {
  if (!arePoolsKnown(host)) return 'Nothing is known of pools';
  const level = cases[0]?.level ?? 'well';
  if (worst([level, hostLevel]) !== level) return `The host ${predicates[hostLevel][0]}`;
  if (cases.length === 0) return 'This host has no thin pools';
  const those = cases.filter((one) => one.level === level);
  return `${subject(those, cases.length)} ${predicates[level][those.length === 1 ? 0 : 1]}`;
}

/** One pool has a name, and who is woken wants to read it first. */
function subject([first, ...others]: readonly Case[], of: number): string {
  if (first !== undefined && others.length === 0) return first.pool.name;
  return others.length + 1 === of ? `All ${of} pools` : `${others.length + 1} of ${of} pools`;
}

const predicates: Readonly<Record<Level, readonly [one: string, many: string]>> = {
  critical: ['needs you now', 'need you now'],
  warning: ['needs attention', 'need attention'],
  unknown: ['cannot be seen as it is', 'cannot be seen as they are'],
  well: ['is well', 'are well'],
};

/** For the tab: what is worst, and where. */
export function title(verdict: Verdict): string {
  const [first] = verdict.cases;
  const isPool =
    first !== undefined && first.level !== 'well' && worst([first.level, verdict.hostLevel]) === first.level;
  return `${isPool ? `${first.level}: ${first.pool.name}` : headline(verdict)} · thinpool-exporter`;
}
