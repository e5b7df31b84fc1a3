import type { EventSum } from '../model/pool.ts';
import { isOfContainersStorage } from '../thinpool/owner.ts';
import { type AdvisedPool, deviceOf, isExtendedByLvm, lvOf } from './commands.ts';
import { describeUnneeded } from './owners.ts';

/** Where the commands are for pools that no tool manages. */
const repairPage = 'docs/runbooks/repair-metadata.md';

/** Part of the names that Stratis gives to its devices. */
export function stratisUuid(pool: AdvisedPool): string {
  return /[0-9a-f]{32}/.exec(pool?.dmName ?? '')?.[0] ?? 'UUID';
}

/** Checks the metadata, and repairs it if it is damaged: clauses that follow `stop what uses the pool`. */
export function checkMetadata(pool: AdvisedPool): string {
  if (isExtendedByLvm(pool)) {
    const lv = lvOf(pool);
    return `\`lvchange -an ${lv}\`, then \`lvchange -ay ${lv}\`, which runs thin_check; if that fails, \`lvconvert --repair ${lv}\``;
  }
  return pool?.owner === 'stratis'
    ? restartStratis(pool)
    : `\`dmsetup remove ${deviceOf(pool)}\`, then thin_check on ${metadataOf(pool)}, and thin_repair if that finds damage (${repairPage})`;
}

/** The same for metadata that is known to be damaged: clauses that follow `Then`. */
export function repairMetadata(pool: AdvisedPool): string {
  if (isExtendedByLvm(pool))
    return `deactivate the pool (\`lvchange -an ${lvOf(pool)}\`), repair its metadata (\`lvconvert --repair ${lvOf(pool)}\`)`;
  return pool?.owner === 'stratis'
    ? `restart the pool: ${restartStratis(pool)}`
    : `remove the pool (\`dmsetup remove ${deviceOf(pool)}\`), repair ${metadataOf(pool)} with thin_repair from a copy of it (${repairPage})`;
}

/** Stratis runs thin_check whenever it starts a pool, and thin_repair where that fails (stratisd engine/strat_engine/thinpool). */
function restartStratis(pool: AdvisedPool): string {
  const uuid = stratisUuid(pool);
  return `\`stratis pool stop --uuid ${uuid}\`, then \`stratis pool start --uuid ${uuid}\`, which checks the metadata and repairs it`;
}

/** `its metadata /dev/loop1`. */
function metadataOf(pool: AdvisedPool): string {
  const top = pool?.stack.find(({ resource, depth }) => resource === 'metadata' && depth === 0);
  if (top?.backingFile !== undefined) return `its metadata ${top.backingFile}`;
  if (top?.name === undefined) return 'its metadata';
  return `its metadata /dev/${/^(?:sd|nvme|loop|md|vd)/.test(top.name) ? '' : 'mapper/'}${top.name}`;
}

/** Deletes what the user of the pool can do without, as a sentence without its full stop. */
export function removeUnneeded(pool: AdvisedPool): string {
  if (pool === undefined) return 'Remove images, containers and volumes that are not needed';
  const { owner, dockerInfo, minimumFreeReportedAt, volumes } = pool;
  if (dockerInfo !== undefined || minimumFreeReportedAt !== undefined || owner === 'docker')
    return 'Remove containers and images that are not needed (`docker container prune`, `docker image prune -a`)';
  if (isOfContainersStorage(owner, volumes))
    return 'Remove containers and images that are not needed (`podman container prune`, `podman image prune -a`; CRI-O: `crictl rmi --prune`)';
  if (owner === 'containerd')
    return 'Remove containers and images that are not needed (`crictl rmi --prune`, `ctr images rm`)';
  if (owner === 'stratis')
    return 'Remove snapshots and file systems that are not needed (`stratis filesystem destroy`)';
  const usual = `snapshots and volumes that are not needed${owner === 'lvm' ? ' (`lvremove`)' : ''}`;
  return `Remove ${describeUnneeded(pool, usual)}`;
}

/** The kernel names of the disks in which the kernel reported errors. */
function failingDisks(pool: AdvisedPool): readonly string[] {
  const devices = pool?.kernelEvents
    .filter(({ kind }) => diskErrors.includes(kind))
    .flatMap((one) => one.devices);
  return [
    ...new Set(
      devices?.filter((name) => /^(?:sd[a-z]+|vd[a-z]+|xvd[a-z]+|nvme\d+(?:n\d+)?|mmcblk\d+)$/.test(name)),
    ),
  ];
}

const diskErrors: readonly string[] = ['block_error', 'disk_error'];

/** What to do about errors of the storage under a pool, by their kinds. */
export function adviseStorage(pool: AdvisedPool): string {
  if (pool === undefined) return `${leaveBadDisk(pool)} If there is no space under the pool, free some.`;
  const room = pool.kernelEvents.flatMap(({ kind }) => makeRoomUnder[kind] ?? []);
  const isBad = room.length === 0 || pool.kernelEvents.some(isOfBadDevice);
  return [...room, ...(isBad ? [leaveBadDisk(pool)] : [])].join(' ');
}

const badDevices: readonly string[] = [
  ...['block_error', 'buffer_error', 'disk_error', 'raid_disk_failed', 'raid_error', 'path_failed'],
  ...['integrity_error', 'cache_error'],
];

/** Requests to a loop device fail as well where its file has no room. */
function isOfBadDevice({ kind, devices }: EventSum): boolean {
  return badDevices.includes(kind) && !(devices.length > 0 && devices.every((name) => /^loop\d+/.test(name)));
}

/** Of kinds that say that there is no space under a pool. */
const makeRoomUnder: Readonly<Record<string, string>> = {
  loop_write_error: 'Free space in the file system that holds the loop file (`losetup --list`, `df`).',
  block_no_space: 'Extend the thin disk or the LUN under the pool, or free space in its storage.',
  vdo_failed: 'Extend the VDO volume under the pool (`vdostats --human-readable`, `dmesg`).',
};

/** Looks at a failing disk, and gets the pool off it. */
function leaveBadDisk(pool: AdvisedPool): string {
  const [disk = 'DISK', ...others] = failingDisks(pool);
  const look = `Check the device: \`lsblk -s /dev/mapper/${deviceOf(pool)}\`, \`smartctl -a /dev/${disk}\`, \`journalctl -k -p err\`.`;
  if (!isExtendedByLvm(pool))
    return `${look} Copy what no backup has while the disk can still be read, and replace it.`;
  const { vgName = 'VG', volumeGroup } = pool ?? {};
  const pv = others.length > 0 ? undefined : volumeGroup?.pvNames.find((name) => isPartOf(name, disk));
  const move = `Move the pool off a bad disk while it can still be read: \`vgextend ${vgName} /dev/NEW\`, \`pvmove ${pv ?? '/dev/BAD'} /dev/NEW\`.`;
  const isRaid = pool?.kernelEvents.some(({ kind }) => kind.startsWith('raid_')) === true;
  const repair = `If a RAID under it has lost a disk, \`lvconvert --repair ${lvOf(pool)}_tdata\` (or \`_tmeta\`) puts another PV in its place.`;
  return [look, move, ...(isRaid ? [repair] : [])].join(' ');
}

function isPartOf(pvName: string, disk: string): boolean {
  const path = `/dev/${disk}`;
  return pvName.startsWith(path) && /^(?:n\d+)?(?:p?\d+)?$/.test(pvName.slice(path.length));
}
