import { describeUse } from '../format/describe-use.ts';
import { formatRate } from '../format/rate.ts';
import type { Pool, Volume, VolumeOwner } from '../model/pool.ts';
import type { VolumeGrowth } from '../model/trend.ts';
import type { AdvisedPool } from './commands.ts';

/** What to delete in a pool, with the commands of the program that manages its volumes: it would not notice an lvremove. */
const unneeded: Readonly<Partial<Record<VolumeOwner, string>>> = {
  proxmox:
    'snapshots of guests (`qm listsnapshot ID`, `qm delsnapshot ID NAME`; for containers `pct`) and disks of guests that are not needed',
  incus:
    'snapshots (`incus info NAME`, `incus snapshot delete NAME SNAPSHOT`) and images (`incus image list`) that are not needed',
  lxd: 'snapshots (`lxc info NAME`, `lxc delete NAME/SNAPSHOT`) and images (`lxc image list`) that are not needed',
  qubes:
    'files in qubes and qubes that are not needed (`qvm-volume info QUBE:private` lists earlier revisions)',
  kubernetes: 'persistent volumes that are not needed (`kubectl get pv`)',
  openebs: 'persistent volumes that are not needed (`kubectl get pv`)',
  topolvm: 'persistent volumes that are not needed (`kubectl get pv`)',
  linstor: 'resources and snapshots that are not needed (`linstor resource list`, `linstor snapshot list`)',
  cinder:
    'volumes and snapshots that are not needed (`openstack volume list --all-projects`, `openstack volume snapshot list --all-projects`)',
};

/** What can be deleted; `usual` where the program that manages the volumes is not known. */
export function describeUnneeded(pool: AdvisedPool, usual: string): string {
  const owner = pool === undefined ? undefined : mainOwner(pool);
  return (owner === undefined ? undefined : unneeded[owner]) ?? usual;
}

/** The owner of most of the volumes whose owner is known. */
export function mainOwner({ volumes }: Pick<Pool, 'volumes'>): VolumeOwner | undefined {
  const counts = new Map<VolumeOwner, number>();
  for (const { use } of volumes)
    if (use !== undefined) counts.set(use.owner, (counts.get(use.owner) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0];
}

/** `pve-vm--100--disk--0, guest 100 (web-01)`. */
export function nameVolume({ name, use }: Pick<Volume, 'name' | 'use'>): string {
  return use === undefined ? name : `${name}, ${describeUse(use)}`;
}

/** The volume that grows fastest, as people call it; undefined where none is known to grow. */
export function describeFastest(
  pool: Pool,
  fastest: readonly VolumeGrowth[] | undefined,
): string | undefined {
  const [first] = fastest ?? [];
  if (first === undefined || first.bytesPerSecond <= 0) return undefined;
  const volume = pool.volumes.find(({ name }) => name === first.volume);
  const name = volume?.use === undefined ? (volume?.knownAs?.name ?? first.volume) : describeUse(volume.use);
  return `${name} grows by ${formatRate(first.bytesPerSecond)}`;
}
