import type { VolumeGroup } from '../model/facts.ts';
import type { Host, Pool } from '../model/host.ts';
import { splitLvmName } from '../model/names.ts';
import { isDiscoveryPending, reasonToAvoid } from './hold.ts';

/** What LVM may be asked about: everything, some VGs by their own devices, or nothing, and why. */
export type LvmScope =
  | { readonly kind: 'all' }
  | { readonly kind: 'some'; readonly vgNames: readonly string[]; readonly pvNames: readonly string[] }
  | { readonly kind: 'none'; readonly why: string };

/**
 * While it scans, an LVM command asks the status of every dm device that its filter lets pass, of other VGs too: one
 * sick pool hangs them all (seen: LVM 2.03.16, kernel 6.1). A filter of the PVs of healthy VGs keeps it away.
 */
export function lvmScope(known: Host): LvmScope {
  if (isDiscoveryPending(known)) return hold('it is not known which pools there are');
  const avoided = known.pools.flatMap((pool) => {
    const reason = reasonToAvoid(pool);
    return reason === undefined ? [] : [{ pool, reason }];
  });
  const [first] = avoided;
  if (first === undefined) return { kind: 'all' };
  const groups = known.volumeGroups.filter(
    (group) => canBeNamed(group) && !avoided.some(({ pool }) => sharesDevices(group, pool)),
  );
  if (groups.length === 0) return hold(`${first.reason}, and no other volume group is known`);
  return {
    kind: 'some',
    vgNames: groups.map(({ vgName }) => vgName).sort(),
    pvNames: groups.flatMap(({ pvNames }) => pvNames).sort(),
  };
}

function hold(reason: string): LvmScope {
  return { kind: 'none', why: `LVM asks every device-mapper device: ${reason}` };
}

/** The pool is in the VG, lies on it, or carries one of its PVs. */
function sharesDevices({ vgName, pvNames }: VolumeGroup, pool: Pool): boolean {
  if (pool.vgName === vgName) return true;
  if (pool.stack.some(({ name }) => name !== undefined && splitLvmName(name)?.vgName === vgName)) return true;
  const volumes = new Set(pool.volumes.map(({ name }) => `/dev/mapper/${name}`));
  return pvNames.some(
    (pv) => volumes.has(pv) || (pool.vgName !== undefined && pv.startsWith(`/dev/${pool.vgName}/`)),
  );
}

/** Names go into a command line, device paths into a regular expression: only what both carry unharmed. */
function canBeNamed({ vgName, pvNames }: VolumeGroup): boolean {
  const named = /^[A-Za-z0-9+_.][A-Za-z0-9+_.-]*$/.test(vgName);
  return named && pvNames.length > 0 && pvNames.every((pv) => /^\/dev\/[A-Za-z0-9#+:=@_./-]+$/.test(pv));
}
