import type { VolumeGroup } from '../../model/facts.ts';
import type { Host } from '../../model/host.ts';
import { splitLvmName } from '../../model/names.ts';
import { known as knownOf } from '../../model/omit-undefined.ts';
import type { Pool } from '../../model/pool.ts';
import { suspicion } from '../../safety/batching.ts';
import { isDiscoveryPending } from '../../safety/hold.ts';
import { reasonToAvoid } from '../../safety/sickness.ts';

/** What LVM may be queried for. */
export interface LvmScope {
  /** Why not the whole host. */
  readonly hold?: string;
  /** The VGs that can be queried one by one, restricted to their own devices. */
  readonly groups: readonly GroupScope[];
}

export interface GroupScope {
  readonly vgName: string;
  readonly pvNames: readonly string[];
  /** Why not this VG either. */
  readonly hold?: string;
}

/**
 * While scanning, an LVM command reads the status of every dm device that its filter accepts, including those of other VGs:
 * one sick pool hangs all commands (seen: LVM 2.03.16, kernel 6.1). A filter of the PVs of a healthy VG avoids that.
 */
export function lvmScope(known: Host): LvmScope {
  const groups = known.volumeGroups.filter(canBeNamed);
  const unsure = isDiscoveryPending(known) ? 'the pools of this host are not known yet' : suspicion(known);
  if (unsure !== undefined) return holdAll(groups, unsure);
  const avoided = known.pools.flatMap((pool) => {
    const reason = reasonToAvoid(pool);
    return reason === undefined ? [] : [{ pool, reason }];
  });
  const scopes = groups.map((group): GroupScope => {
    const hold = avoided.find(({ pool }) => sharesDevices(group, pool))?.reason;
    return scopeOf(group, hold);
  });
  const [first] = avoided;
  if (first === undefined) return { groups: scopes };
  const isLast = scopes.every(({ hold }) => hold !== undefined);
  const reason = `${first.reason}${isLast ? ', and no other volume group is known' : ''}`;
  return { hold: everyDevice(reason), groups: scopes };
}

/** Blocks all queries but keeps them, so that no VG loses its facts because of a brief doubt. */
function holdAll(groups: readonly VolumeGroup[], reason: string): LvmScope {
  return { hold: everyDevice(reason), groups: groups.map((group) => scopeOf(group, reason)) };
}

function scopeOf({ vgName, pvNames }: VolumeGroup, hold: string | undefined): GroupScope {
  return knownOf({ vgName, pvNames, hold });
}

function everyDevice(reason: string): string {
  return `LVM queries every device-mapper device, and ${reason}`;
}

/** Whether the pool is in the VG, is stored on it, or carries one of its PVs. */
function sharesDevices({ vgName, pvNames }: VolumeGroup, pool: Pool): boolean {
  if (pool.vgName === vgName) return true;
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
