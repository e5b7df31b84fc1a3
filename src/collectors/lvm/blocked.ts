import type { VolumeGroup } from '../../model/facts.ts';
import type { Host } from '../../model/host.ts';
import { parseLvmUuid, splitLvmName } from '../../model/names.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import type { Pool } from '../../model/pool.ts';
import { slowBatch } from '../../safety/batching.ts';
import { isDiscoveryPending } from '../../safety/blocked.ts';
import { reasonToBlock } from '../../safety/sick.ts';

/** Which queries of LVM are blocked: that of the whole host, and those of single VGs. */
export interface LvmScope {
  /** Why not the whole host. */
  readonly blockedBy?: string;
  /** The VGs that can be queried one by one, restricted to their own devices. */
  readonly groups: readonly GroupScope[];
}

export const reports = ['lvs', 'vgs'] as const;
export type ReportName = (typeof reports)[number];

export const keyOf = (report: ReportName, group?: GroupScope): string =>
  group === undefined ? report : `${report}@${group.label ?? group.vgName}`;

export interface GroupScope {
  readonly vgName: string;
  /** What distinguishes it from others of its name: a filter of its PVs makes LVM see this one alone. */
  readonly label?: string;
  readonly pvNames: readonly string[];
  /** Its facts count only if it has all of its PVs: else the filter may leave one out. */
  readonly refusesPartial?: true;
  /** Why not this VG either. */
  readonly blockedBy?: string;
}

/**
 * Decides which LVM queries are blocked. While scanning, an LVM command reads the status of every dm device that its filter
 * accepts, including those of other VGs: one sick pool hangs all commands (seen: LVM 2.03.16, kernel 6.1). A filter of the PVs
 * of a healthy VG avoids that.
 */
export function decideBlocked(host: Host): LvmScope {
  const groups = host.volumeGroups.filter(canBeNamed);
  const uncertain = isDiscoveryPending(host) ? 'the pools of this host are not known yet' : slowBatch(host);
  if (uncertain !== undefined) return blockAll(groups, uncertain);
  const blocking = host.pools.flatMap((pool) => {
    const reason = reasonToBlock(pool);
    return reason === undefined ? [] : [{ pool, reason }];
  });
  const scopes = groups.map((group): GroupScope => {
    const blockedBy = blocking.find(({ pool }) => sharesDevices(group, pool))?.reason;
    return scopeOf(group, blockedBy);
  });
  const [first] = blocking;
  if (first === undefined) return { groups: scopes };
  const isLast = scopes.every(({ blockedBy }) => blockedBy !== undefined);
  const reason = `${first.reason}${isLast ? ', and no other volume group is known' : ''}`;
  return { blockedBy: everyDevice(reason), groups: scopes };
}

/** Blocks all queries but keeps them, so that no VG loses its facts because of a brief doubt. */
function blockAll(groups: readonly VolumeGroup[], reason: string): LvmScope {
  return { blockedBy: everyDevice(reason), groups: groups.map((group) => scopeOf(group, reason)) };
}

function scopeOf({ vgName, label, pvNames }: VolumeGroup, blockedBy: string | undefined): GroupScope {
  return omitUndefined({ vgName, label, pvNames, blockedBy });
}

function everyDevice(reason: string): string {
  return `LVM queries every device-mapper device, and ${reason}`;
}

/** Whether the pool is in the VG, is stored on it, or carries one of its PVs. */
function sharesDevices({ vgName, vgUuid, pvNames }: VolumeGroup, pool: Pool): boolean {
  const own = pool.uuid === undefined ? undefined : parseLvmUuid(pool.uuid)?.vgUuid;
  const isOther = own !== undefined && vgUuid !== undefined && own !== vgUuid;
  if (pool.vgName === vgName && !isOther) return true;
  if (pool.stack.some(({ name }) => name !== undefined && splitLvmName(name)?.vgName === vgName)) return true;
  const volumes = new Set(pool.volumes.map(({ name }) => `/dev/mapper/${name}`));
  return pvNames.some(
    (pv) => volumes.has(pv) || (pool.vgName !== undefined && pv.startsWith(`/dev/${pool.vgName}/`)),
  );
}

/** Names go into a command line, device paths into a regular expression: only characters that are safe in both. */
function canBeNamed({ vgName, pvNames }: VolumeGroup): boolean {
  const named = /^[A-Za-z0-9+_.][A-Za-z0-9+_.-]*$/.test(vgName);
  return named && pvNames.length > 0 && pvNames.every((pv) => /^\/dev\/[A-Za-z0-9#+:=@_./-]+$/.test(pv));
}
