import type { LogicalVolume, VolumeGroup } from '../../model/facts.ts';
import type { Host } from '../../model/host.ts';
import { parseLvmUuid } from '../../model/names.ts';
import type { Pool } from '../../model/pool.ts';
import { dayMs } from '../../model/units.ts';
import { type GroupScope, keyOf, type LvmScope, reports } from './blocked.ts';

/** Which queries read the VGs with pools alone. */
export interface PoolScope {
  /** Why the whole host has to be read nevertheless; absent: its disks are left alone. */
  readonly whole?: string;
  readonly groups: readonly GroupScope[];
}

/** A pool that is not active shows in no other tool: VGs in which one may have appeared are looked at this often. */
const wholeEveryMs = dayMs;

/**
 * Restricts the queries to the VGs that have thin pools. Which those are, and which PVs they have, only a query of the whole
 * host shows: it runs first, once a day, and whenever something does not fit what it has shown.
 */
export function scopeToPools(host: Host, { groups }: LvmScope): PoolScope {
  const runs = new Runs(host);
  const withPools = host.volumeGroups.filter((group) => hasPool(group, host));
  const scopes = groups
    .filter((scope) => withPools.some((group) => isOf(scope, group) && !lacksPv(group)))
    .filter((scope) => !runs.isSuperseded(scope))
    .map((scope) => ({ ...scope, refusesPartial: true as const }));
  const whole = whyWhole(host, { withPools, groups, runs });
  return whole === undefined ? { groups: scopes } : { groups: scopes, whole };
}

interface Known {
  readonly withPools: readonly VolumeGroup[];
  readonly groups: readonly GroupScope[];
  readonly runs: Runs;
}

function whyWhole(host: Host, { withPools, groups, runs }: Known): string | undefined {
  if (runs.wholeAt === undefined) return 'the VGs of this host are not known yet';
  if (host.takenAt - runs.wholeAt >= wholeEveryMs) return 'it is read once a day';
  const unknown = host.pools.find((pool) => isLvms(pool) && !withPools.some((group) => isIn(pool, group)));
  if (unknown !== undefined) return `the VG of pool ${unknown.name} is not known`;
  const partial = withPools.find(lacksPv);
  if (partial !== undefined) return `VG ${partial.vgName} lacks a PV`;
  const unnamed = withPools.find((group) => !groups.some((scope) => isOf(scope, group)));
  if (unnamed !== undefined) return `no filter can name VG ${unnamed.vgName} and its PVs`;
  const failed = groups.find((scope) => runs.hasFailed(scope) && !runs.isSuperseded(scope));
  return failed && `the query of VG ${failed.vgName} alone has failed`;
}

/** How the queries of the collector fared. */
class Runs {
  readonly #queries: Host['collectors'][number]['queries'];
  /** When the whole host was last read, Unix ms: the older one of its reports. */
  readonly wholeAt: number | undefined;

  constructor({ collectors }: Host) {
    this.#queries = collectors.find(({ name }) => name === 'lvm')?.queries ?? [];
    const times = reports.map((report) => this.#find(keyOf(report))?.lastSuccessAt ?? 0);
    const least = Math.min(...times);
    this.wholeAt = least === 0 ? undefined : least;
  }

  #find(key: string) {
    return this.#queries.find((query) => query.key === key);
  }

  #failures(scope: GroupScope) {
    return reports
      .flatMap((report) => this.#find(keyOf(report, scope)) ?? [])
      .filter(({ outcome }) => outcome !== undefined && outcome !== 'ok');
  }

  hasFailed(scope: GroupScope): boolean {
    return this.#failures(scope).length > 0;
  }

  /** It failed, and the whole host has been read since: it starts anew, with the PVs that the VG has now. */
  isSuperseded(scope: GroupScope): boolean {
    return this.#failures(scope).some(({ startedAt = 0 }) => (this.wholeAt ?? 0) > startedAt);
  }
}

function hasPool(group: VolumeGroup, { pools, logicalVolumes }: Host): boolean {
  return (
    logicalVolumes.some((volume) => volume.role === 'pool' && isSame(volume, group)) ||
    pools.some((pool) => isLvms(pool) && isIn(pool, group))
  );
}

function isIn({ uuid = '', vgName }: Pool, group: VolumeGroup): boolean {
  const vgUuid = parseLvmUuid(uuid)?.vgUuid;
  return vgUuid === undefined || group.vgUuid === undefined
    ? vgName === group.vgName
    : vgUuid === group.vgUuid;
}

function isLvms({ uuid = '' }: Pool): boolean {
  return parseLvmUuid(uuid) !== undefined;
}

function isSame(volume: LogicalVolume, group: VolumeGroup): boolean {
  return volume.vgUuid === undefined || group.vgUuid === undefined
    ? volume.vgName === group.vgName
    : volume.vgUuid === group.vgUuid;
}

function isOf(scope: GroupScope, { vgName, label }: VolumeGroup): boolean {
  return scope.vgName === vgName && scope.label === label;
}

/** A PV that was added since is missing, too: the filter leaves it out. */
export function lacksPv({ missingPvCount = 0, partial, pvCount, pvNames }: VolumeGroup): boolean {
  return missingPvCount > 0 || partial === true || (pvCount !== undefined && pvNames.length < pvCount);
}
