import { plain } from '../../format/printable.ts';
import type { Finding } from '../../model/finding.ts';
import type { Host, Snapshot } from '../../model/host.ts';
import type { Pool, Resource } from '../../model/pool.ts';
import { type RankedPool, rankPools, type Urgency } from '../../rules/ranking.ts';
import { judge } from './verdict.ts';

/** One thing that a monitoring system watches: a pool, or the host. */
export interface JudgedService {
  /** Absent for the host. */
  readonly pool?: Pool;
  /** 0 ok, 1 warning, 2 critical, 3 unknown. */
  readonly status: number;
  readonly summary: string;
  /** Worst first. */
  readonly findings: readonly Finding[];
}

const statusOf: Readonly<Record<Urgency, number>> = {
  critical: 2,
  warning: 1,
  unknown: 3,
  pending: 0,
  filling: 0,
  healthy: 0,
};

/** The host and each pool with a status of its own, as `check` judges all of them together. Pools are worst first. */
export function judgePools(
  snapshot: Pick<Snapshot, 'host' | 'findings' | 'trends'>,
): readonly JudgedService[] {
  const { host, findings, trends } = snapshot;
  const ranked = rankPools(host.pools, { findings, pending: [], trends });
  return [judgeHost(host, findings), ...ranked.map(judgePool)];
}

function judgePool({ pool, urgency, findings }: RankedPool): JudgedService {
  const spaces = (['data', 'metadata'] as const).flatMap((resource) => {
    const percent = usedPercent(pool, resource);
    return percent === undefined ? [] : [`${resource} ${percent.toFixed(1)}% used`];
  });
  const usual = urgency === 'unknown' ? 'its state is not known' : spaces.join(', ');
  return { pool, status: statusOf[urgency], summary: summarize(findings, usual), findings };
}

/** What is about no pool that is there, and whether anything is known at all. */
function judgeHost(host: Host, all: readonly Finding[]): JudgedService {
  const names = new Set(host.pools.map(({ name }) => name));
  const findings = all.filter(({ pool }) => pool === undefined || !names.has(pool));
  const { exitCode, reason } = judge({ host, findings });
  const usual = `${host.pools.length} ${host.pools.length === 1 ? 'pool' : 'pools'}`;
  return {
    status: exitCode,
    summary: reason === undefined ? summarize(findings, usual) : plain(reason),
    findings,
  };
}

function summarize(findings: readonly Finding[], usual: string): string {
  const [worst, ...others] = findings.filter(({ severity }) => severity !== 'info');
  if (worst === undefined) return usual;
  return plain(`${worst.summary}${others.length === 0 ? '' : `, and ${others.length} more`}`);
}

/** Undefined if it is not known. */
export function usedPercent(pool: Pool, resource: Resource): number | undefined {
  const space = pool[resource];
  return space === undefined ? undefined : (space.usedBytes / space.sizeBytes) * 100;
}
