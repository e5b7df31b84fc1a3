import type { Monitor } from '../../collect/monitor.ts';
import { describeFailure } from '../../format/describe-state.ts';
import type { Finding } from '../../model/finding.ts';
import type { Host, Snapshot } from '../../model/host.ts';
import type { Pool } from '../../model/pool.ts';
import type { VolumesGrown } from '../../model/trend.ts';
import { identityOf } from '../../thinpool/identity.ts';
import { growthBetween } from '../../trend/volume-growth.ts';
import type { Context } from '../context.ts';

/** Growth of the volumes of a pool between two reads; `failure`: why it is unknown. */
export type PoolGrowth = { readonly pool: string } & (VolumesGrown | { readonly failure: string });

/** The result of `check`. */
export interface CheckedHost extends Pick<Snapshot, 'host' | 'findings' | 'trends' | 'muted'> {
  /** For the pools that were read twice. */
  readonly growth: readonly PoolGrowth[];
}

/** Long enough to detect a fill that is worth paging for, and well below the timeouts of monitoring systems. */
const sampleIntervalMs = 2500;

/**
 * Devices come first, because a snapshot recreated under an old name would look like growth; then the pool status,
 * because the volumes of a pool whose status does not return are not queried.
 */
const sampledCollectors = ['devices', 'pools', 'volumes'] as const;

/**
 * Reads the volumes of pools that are short of data again, `sampleIntervalMs` after the first read, to find those that grow.
 * Pools that responded late are left out. Bounded by the timeouts of the collectors. The verdict of the first read
 * stands, whatever the second one finds.
 */
export async function sampleGrowth(
  monitor: Pick<Monitor, 'collectAgain'>,
  { host, findings }: Pick<Snapshot, 'host' | 'findings'>,
  { now, pause }: Pick<Context, 'now' | 'pause'>,
): Promise<readonly PoolGrowth[]> {
  const pools = poolsShortOfData(host.pools, findings).filter(canBeWatched);
  if (pools.length === 0) return [];
  const readAt = Math.max(...pools.map(({ volumesTakenAt }) => volumesTakenAt ?? 0));
  // At most `sampleIntervalMs`, even if the clock was set back.
  await pause(Math.min(sampleIntervalMs, Math.max(0, readAt + sampleIntervalMs - now())));
  const startedAt = now();
  const { host: later } = await monitor.collectAgain(
    sampledCollectors,
    new Set(pools.map(({ dmName }) => dmName)),
  );
  return pools.map((pool) => compare(pool, later, startedAt));
}

/** The pools with a warning or critical finding about data space. */
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
  const failure = describeSamplingFailure(later, before.dmName);
  if (failure !== undefined) return { pool, failure };
  const after = later.pools.find((one) => identityOf(one) === identityOf(before));
  if (after === undefined) return { pool, failure: 'the pool was gone' };
  // With many volumes, some may be known from the first read only: then there is no interval to measure.
  const isWhole = canBeWatched(after) && (after.volumesTakenAt ?? 0) >= startedAt;
  const grown = isWhole ? growthBetween(before, after) : undefined;
  return grown === undefined ? { pool, failure: 'its volumes could not be read again' } : { pool, ...grown };
}

function describeSamplingFailure({ collectors }: Host, dmName: string): string | undefined {
  const sampled = collectors.filter(({ name }) => sampledCollectors.some((again) => again === name));
  for (const { name, queries } of sampled) {
    const failed = queries.find(
      ({ about = dmName, outcome }) => about === dmName && outcome !== undefined && outcome !== 'ok',
    );
    if (failed !== undefined) return `${name} ${describeFailure(failed)}`;
  }
  return undefined;
}
