import type { Monitor } from '../../collect/monitor.ts';
import { describeFailure } from '../../format/describe-state.ts';
import type { Finding } from '../../model/finding.ts';
import type { Host, Snapshot } from '../../model/host.ts';
import type { Pool } from '../../model/pool.ts';
import type { VolumesGrown } from '../../model/trend.ts';
import { identityOf } from '../../thinpool/identity.ts';
import { growthBetween } from '../../trend/volume-growth.ts';
import type { Context } from '../context.ts';

/** What a second look at the volumes of a pool saw; `failure`: why it saw nothing. */
export type PoolGrowth = { readonly pool: string } & (VolumesGrown | { readonly failure: string });

/** What `check` found out about a host. */
export interface CheckedHost extends Pick<Snapshot, 'host' | 'findings'> {
  /** Of the pools that were looked at twice. */
  readonly growth: readonly PoolGrowth[];
}

/** Long enough to see a fill that is worth a page, and short beside the patience of monitoring systems. */
const apartMs = 2500;

/**
 * What names the volumes comes first, or a snapshot made anew under an old name would be called growth; then each pool's
 * own status, for a pool that does not return it is not asked about its volumes.
 */
const askedAgain = ['devices', 'pools', 'volumes'] as const;

/**
 * Looks a second time at pools that are short of data, a little later, to see which of their volumes grow. Nothing is
 * asked where there are none, nor about a pool that answered late. Bounded by the deadlines of the sources; what was said of
 * the host by the first look stands, whatever becomes of this one.
 */
export async function lookAgain(
  monitor: Pick<Monitor, 'askAgain'>,
  { host, findings }: Pick<Snapshot, 'host' | 'findings'>,
  { now, pause }: Pick<Context, 'now' | 'pause'>,
): Promise<readonly PoolGrowth[]> {
  const pools = poolsShortOfData(host.pools, findings).filter(canBeWatched);
  if (pools.length === 0) return [];
  const readAt = Math.max(...pools.map(({ volumesTakenAt }) => volumesTakenAt ?? 0));
  // No longer than that, should the clock have been set back.
  await pause(Math.min(apartMs, Math.max(0, readAt + apartMs - now())));
  const startedAt = now();
  const { host: later } = await monitor.askAgain(askedAgain, new Set(pools.map(({ dmName }) => dmName)));
  return pools.map((pool) => compare(pool, later, startedAt));
}

/** The pools of which somebody asks who fills them: those that have a finding about data that is more than a note. */
export function poolsShortOfData(pools: readonly Pool[], findings: readonly Finding[]): readonly Pool[] {
  const short = new Set(
    findings
      .filter(({ resource, severity }) => resource === 'data' && severity !== 'info')
      .map(({ pool }) => pool),
  );
  return pools.filter(({ name }) => short.has(name));
}

function canBeWatched({ late, volumes }: Pool): boolean {
  return late === undefined && volumes.some(({ mappedBytes }) => mappedBytes !== undefined);
}

function compare(before: Pool, later: Host, startedAt: number): PoolGrowth {
  const pool = before.name;
  const failure = whatFailed(later, before.dmName);
  if (failure !== undefined) return { pool, failure };
  const after = later.pools.find((one) => identityOf(one) === identityOf(before));
  if (after === undefined) return { pool, failure: 'it was gone' };
  // Of many volumes some may be known from the first look only: between the two readings then lies no time to measure.
  const isWhole = canBeWatched(after) && (after.volumesTakenAt ?? 0) >= startedAt;
  const grown = isWhole ? growthBetween(before, after) : undefined;
  return grown === undefined ? { pool, failure: 'its volumes were not read again' } : { pool, ...grown };
}

function whatFailed({ sources }: Host, dmName: string): string | undefined {
  const asked = sources.filter(({ name }) => askedAgain.some((again) => again === name));
  for (const { name, questions } of asked) {
    const failed = questions.find(
      ({ about = dmName, outcome }) => about === dmName && outcome !== undefined && outcome !== 'ok',
    );
    if (failed !== undefined) return `${name} ${describeFailure(failed)}`;
  }
  return undefined;
}
