import type { VolumeMount } from '../../model/facts.ts';
import type { Host } from '../../model/host.ts';
import { memoizePer } from '../../model/memoize.ts';
import { dmKernelName } from '../../model/names.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import type { Pool, Volume } from '../../model/pool.ts';
import { minuteMs, secondMs } from '../../model/units.ts';
import { slowBatch } from '../../safety/batching.ts';
import { whyMountsMayHang } from '../../safety/sick.ts';
import { defineCollector, type Query, type Variant } from '../collector.ts';
import { readFound } from '../shared/grep.ts';
import { hostMounts, type Mount, parseMount } from '../shared/mountinfo.ts';
import { leftOut, readEach } from '../shared/partly.ts';
import { watchedVolumes } from '../shared/watched-volumes.ts';
import { dfCommand, parseDf } from './df.ts';
import { scrambleMounts, vocabulary } from './scrambling.ts';

const collector = 'mounts';

/** Patterns in the command line of grep. Those with most space are listed first. */
const volumesMax = 1000;

/** Each takes a child every few minutes. */
const readMax = 64;

// What the kernel knows of mounts is in memory. statfs reads the file system, which may hang with its pool: it runs in a
// child for each, and never while something is wrong with the pool.
export const mounts = defineCollector({
  name: collector,
  help: 'Used space of the file systems that are mounted from thin volumes: what their volumes map beyond it, trimming may free.',
  needs: { tool: 'df', package: 'coreutils or busybox' },
  defaults: { intervalMs: 5 * minuteMs, timeoutMs: 5 * secondMs },
  maxConcurrent: 2,
  queries: (host) => [...queryMounts(watchedVolumes(host)), ...queryUses(host)],
  scrambling: { vocabulary, scramble: scrambleMounts },
});

/** Layers of containers go with their containers, before they need a trim, and there are many. */
const ownersOfLayers: readonly string[] = ['docker', 'containers-storage', 'containerd'];

const queryMounts = memoizePer((all: readonly Volume[]): readonly Query[] => {
  const volumes = all
    .filter(({ use }) => use === undefined || !ownersOfLayers.includes(use.owner))
    .slice(0, volumesMax);
  if (volumes.length === 0) return [];
  const names = new Map<string, Volume>(volumes.map((volume) => [volume.device, volume]));
  const patterns = volumes.flatMap(({ device }) => ['-e', ` ${device} `]);
  return [
    {
      key: 'mounts',
      variants: [
        {
          input: { command: ['grep', '-aF', ...patterns, '--', hostMounts] },
          given: volumes.map(({ name }) => name).join('/'),
          parse: (output) => {
            const { records, unreadable } = readEach(readFound(output), parseMount);
            return { volumeMounts: chooseMounts(records, names), ...leftOut(collector, unreadable) };
          },
        },
      ],
    },
  ];
});

/** File systems on one device, whose space is all their own. Btrfs has a device number that is not its device's. */
const types: readonly string[] = ['ext2', 'ext3', 'ext4', 'xfs'];

/** One mount for each device: that of the whole file system before that of a folder of it, then the one with the shortest path. */
function chooseMounts(all: readonly Mount[], volumes: ReadonlyMap<string, Volume>): readonly VolumeMount[] {
  const chosen = new Map<string, Mount>();
  for (const mount of all) {
    const other = chosen.get(mount.device);
    if (isAlone(mount) && (other === undefined || rank(mount) < rank(other))) chosen.set(mount.device, mount);
  }
  return [...chosen.values()].flatMap(({ device, mountPoint, source }) => {
    const volume = volumes.get(device);
    return volume === undefined ? [] : [{ name: volume.name, device: volume.device, mountPoint, source }];
  });
}

/** XFS may keep the content of files on a second device. */
function isAlone({ type, superOptions }: Mount): boolean {
  return types.includes(type) && !superOptions.some((option) => option.startsWith('rtdev='));
}

function rank({ root, mountPoint }: Mount): number {
  return (root === '/' ? 0 : 1e6) + mountPoint.length;
}

/** Of those that map most. */
function queryUses(host: Host): Query[] {
  const byName = new Map(host.volumeMounts.map((mount) => [mount.name, mount]));
  if (byName.size === 0) return [];
  return host.pools
    .filter(({ excluded }) => excluded !== true)
    .flatMap((pool) =>
      pool.volumes.flatMap((volume) => {
        const mount = byName.get(volume.name);
        return mount === undefined || mount.device !== volume.device ? [] : [{ pool, volume, mount }];
      }),
    )
    .sort((one, other) => (other.volume.mappedBytes ?? 0) - (one.volume.mappedBytes ?? 0))
    .slice(0, readMax)
    .map(({ pool, volume, mount }) => queryUse(host, pool, volume, mount));
}

function queryUse(host: Host, pool: Pool, volume: Volume, mount: VolumeMount): Query {
  const { name, device, mappedBytes } = volume;
  const sources = [mount.source, `/dev/${dmKernelName(device)}`];
  const variant: Variant = {
    input: { command: dfCommand(mount.mountPoint) },
    given: String(mappedBytes),
    parse: (output) => ({
      volumeUsages: [omitUndefined({ name, device, ...parseDf(output, sources), mappedBytes })],
    }),
  };
  const blockedBy = whyBlocked(host, pool, volume);
  return omitUndefined({ key: `used@${name}`, variants: [variant] as const, blockedBy });
}

function whyBlocked(host: Host, pool: Pool, { name, suspended }: Volume): string | undefined {
  const reason = whyMountsMayHang(pool) ?? (suspended ? `volume ${name} is suspended` : slowBatch(host));
  return reason === undefined ? undefined : `a file system may hang: ${reason}`;
}
