import { describeUse } from '../format/describe-use.ts';
import type { FreeSpace, FreeSpaceItem } from '../model/free-space.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { Pool, VolumeUse } from '../model/pool.ts';
import { type Freeable, freeableIn, type Listed } from '../thinpool/freeable.ts';
import { unwritable } from '../thinpool/room.ts';
import { lvOf, quote, vgOf } from './commands.ts';
import { removeUnneeded } from './remedies.ts';
import { unwritables } from './room.ts';
import { describeTrim } from './trim.ts';

/** What would free space in a pool, most first: at most `limit` of it. It costs no more than what is shown. */
export function freeSpaceIn(pool: Pool, host: Listed, limit: number): FreeSpace {
  const all = freeableIn(pool, host);
  const trimmed = new Set(all.flatMap(({ kind, name }) => (kind === 'trim' ? [name] : [])));
  const items = all.slice(0, limit);
  return omitUndefined({
    pool: pool.name,
    usedBytes: pool.data?.usedBytes,
    obstacle: obstacleOf(pool),
    advice: `${removeUnneeded(pool)}.`,
    items: items.map((one) => itemOf(one, pool, trimmed)),
    omitted: all.length - items.length,
  });
}

function obstacleOf(pool: Pool): string | undefined {
  const why = unwritable(pool);
  if (why !== undefined) return `Nothing can be freed while pool ${pool.name} ${unwritables[why]}.`;
  return pool.counters?.discard === 'ignore_discard'
    ? `Pool ${pool.name} ignores discards: trimming frees nothing, only the removal of volumes does (\`lvs -o discards ${lvOf(pool)}\`).`
    : undefined;
}

function itemOf(found: Freeable, pool: Pool, trimmed: ReadonlySet<string>): FreeSpaceItem {
  const { use, vgName: _vg, lvName: _lv, ...one } = found;
  return omitUndefined({
    ...one,
    describedAs: use && use.role !== 'layer' ? describeUse(use) : undefined,
    action: adviseOn(found, pool, trimmed),
  });
}

/** `trimmed`: the volumes whose trim is an item of its own. */
function adviseOn(found: Freeable, pool: Pool, trimmed: ReadonlySet<string>): string {
  if (found.kind === 'unattributed') return adviseUnattributed(pool);
  if (found.kind === 'trim') return `Trim: ${describeTrim(found.use, found.mountPoint)}.`;
  return adviseVolume(found, pool, trimmed.has(found.name));
}

/** Used data that no active volume maps. LVM's list shows the volumes that are not active; what it does not list is lost. */
function adviseUnattributed(pool: Pool): string {
  const { inactiveVolumeCount: count } = pool;
  if (pool.owner !== 'lvm' || pool.dockerInfo !== undefined)
    return `Held by volumes that are not active. ${removeUnneeded(pool)}.`;
  if (count > 0)
    return `Held by the ${count === 1 ? 'volume that is' : `${count} volumes that are`} not active (\`lvs -o lv_name,lv_size,origin,lv_time ${quote(vgOf(pool))}\`), or left behind by a lost transaction.`;
  return 'LVM lists no volume for it: volumes of another program, data that was written between two reads, or blocks that a lost transaction left behind (`thinpool-exporter runbooks repair-metadata` says how to check).';
}

/** Trimming loses nothing, so it is first; then the removal. */
function adviseVolume(volume: Freeable, pool: Pool, isTrimmed: boolean): string {
  const { use, kind, active, mountPoint } = volume;
  const remove = removal(volume);
  if (remove === undefined) return `${removeUnneeded(pool)}.`;
  const isTrimmable =
    !isTrimmed && active && kind === 'volume' && pool.counters?.discard !== 'ignore_discard';
  const trim = isTrimmable ? describeTrim(use, mountPoint) : undefined;
  return trim === undefined
    ? `If it is not needed: ${remove}.`
    : `Trim: ${trim}. If it is not needed: ${remove}.`;
}

/** By the program that manages the volume: it would not notice an lvremove. Undefined if it removes no single volumes. */
function removal({ use, vgName, lvName }: Freeable): string | undefined {
  if (use !== undefined) return byOwner(use, lvName ?? '');
  return vgName === undefined || lvName === undefined
    ? undefined
    : `\`lvremove ${quote(`${vgName}/${lvName}`)}\``;
}

function byOwner(use: VolumeUse, lvName: string): string | undefined {
  const id = quote(use.id);
  const snapshot = use.snapshot === undefined ? undefined : quote(use.snapshot);
  switch (use.owner) {
    case 'proxmox':
      return removeFromProxmox(use, lvName);
    case 'incus':
    case 'incus-or-lxd':
      return removeFromIncus(use, 'incus');
    case 'lxd':
      return removeFromIncus(use, 'lxc');
    case 'qubes':
      return removeFromQubes(use, lvName);
    case 'kubernetes':
    case 'openebs':
    case 'topolvm':
      return `delete its claim (\`kubectl get pv ${id}\` names it)`;
    case 'linstor':
      return snapshot === undefined
        ? `\`linstor resource-definition delete ${id}\``
        : `\`linstor snapshot delete ${id} ${snapshot}\``;
    case 'cinder':
      return use.role === 'snapshot'
        ? `\`openstack volume snapshot delete ${id}\``
        : `\`openstack volume delete ${id}\``;
    case 'stratis':
      return `\`stratis filesystem destroy ${use.id.includes('/') ? use.id.split('/').map(quote).join(' ') : 'POOL FILESYSTEM'}\``;
    case 'libvirt':
      return `detach it from domain ${use.id} (\`virsh domblklist ${id}\`), then ${lvName === '' ? 'remove it' : '`lvremove` it'}`;
    case 'docker':
      return use.role === 'disk' ? `\`docker rm -f ${id}\`` : undefined;
    case 'containers-storage':
    case 'containerd':
      return undefined;
  }
}

function removeFromProxmox({ role, id, snapshot }: VolumeUse, lvName: string): string {
  const named = snapshot === undefined ? 'NAME' : quote(snapshot);
  if (role === 'snapshot' || role === 'state')
    return `\`qm delsnapshot ${id} ${named}\`, or \`pct delsnapshot ${id} ${named}\` for a container`;
  if (role === 'template') return `\`qm destroy ${id}\`, after its linked clones`;
  return `detach it from guest ${id} (\`qm config ${id}\`, \`pct config ${id}\`), then \`pvesm free STORAGE:${quote(lvName)}\``;
}

function removeFromIncus(use: VolumeUse, command: 'incus' | 'lxc'): string {
  const { role, consumer, id, snapshot, project } = use;
  const name = quote(id);
  const of = project === undefined ? '' : ` --project ${quote(project)}`;
  if (role === 'image') return `\`${command} image delete ${id.slice(0, 12)}${of}\``;
  if (consumer === 'custom volume')
    return snapshot === undefined
      ? `\`${command} storage volume delete STORAGE ${name}${of}\``
      : `\`${command} storage volume snapshot delete STORAGE ${name} ${quote(snapshot)}${of}\``;
  if (snapshot === undefined) return `\`${command} delete ${name}${of}\``;
  return command === 'lxc'
    ? `\`lxc delete ${quote(`${id}/${snapshot}`)}${of}\``
    : `\`incus snapshot delete ${name} ${quote(snapshot)}${of}\``;
}

/** An earlier revision of a volume goes when fewer of them are kept. */
function removeFromQubes({ id, role }: VolumeUse, lvName: string): string {
  if (role !== 'snapshot') return `\`qvm-remove ${quote(id)}\``;
  const volume = /-(?<volume>private|root)-\d+-back$/.exec(lvName)?.groups?.['volume'] ?? 'private';
  return `\`qvm-volume config ${quote(`${id}:${volume}`)} revisions_to_keep 0\`, then start and stop the qube`;
}
