import type { NameRecord, PartialFacts } from '../../model/facts.ts';
import type { Host } from '../../model/host.ts';
import { memoizePer } from '../../model/memoize.ts';
import { dmKernelName } from '../../model/names.ts';
import type { Volume } from '../../model/pool.ts';
import { minuteMs, secondMs } from '../../model/units.ts';
import { defineCollector, type Output, type Query } from '../collector.ts';
import { factsOfLines } from '../shared/grep.ts';
import type { Partly } from '../shared/partly.ts';
import { parsePathContents } from '../shared/path-contents.ts';
import { watchedVolumes } from '../shared/watched-volumes.ts';
import { domainCommand, parseDomains } from './domains.ts';
import { guestCommand, parseGuests } from './guests.ts';
import { mountCommand, parseMounts, parseRecords, recordCommand } from './kubelet.ts';
import { parseLinks, udevRecordOf } from './links.ts';
import { scrambling } from './scrambling.ts';

const collector = 'names';

/** Guests, volumes and files per query: the command line stays far below the kernel's limit. The rest have no names. */
const most = 1000;

// The file systems that hold these files may hang: pmxcfs without its daemon, or a root file system on the full pool. So they
// are read by children, one per kind.
export const names = defineCollector({
  name: collector,
  help: 'Names that people gave the users of thin volumes, from files: guests of Proxmox VE and libvirt, persistent volumes of the kubelet, file systems of Stratis. They become metric labels; off omits them.',
  needs: { tool: 'grep', package: 'grep' },
  defaults: { intervalMs: 5 * minuteMs, timeoutMs: 10 * secondMs },
  queries: (host) => {
    const volumes = watchedVolumes(host);
    return [
      ...queryGuests(host, volumes),
      ...queryDomains(host, volumes),
      ...queryKubelet(host, volumes),
      ...queryLinks(volumes),
    ];
  },
  scrambling,
});

/** For guests with volumes here, at once for one that is new: its configuration was written before its disk. */
function queryGuests(host: Host, volumes: readonly Volume[]): Query[] {
  const { ids, newestAt } = guestsIn(volumes);
  if (ids.size === 0) return [];
  const command = guestCommand([...ids].sort().slice(0, most));
  return [
    {
      ...query('guests', command, parseGuests),
      // A guest keeps its number and, mostly, its name: they are needed most while nothing responds.
      neverExpires: true,
      ...stale(newestAt, host),
    },
  ];
}

/** With the time at which the newest volume was made whose guest has no name yet. */
const guestsIn = memoizePer((volumes: readonly Volume[]) => {
  const ids = new Set<string>();
  let newestAt = 0;
  for (const { use, createdAfter = 0 } of volumes) {
    if (use?.owner !== 'proxmox') continue;
    ids.add(use.id);
    if (use.name === undefined) newestAt = Math.max(newestAt, createdAfter);
  }
  return { ids, newestAt };
});

/** For LVs whose user is not known otherwise: also those that are named like a guest's on a host without Proxmox VE. */
function queryDomains({ nameRecords, collectors }: Host, volumes: readonly Volume[]): Query[] {
  const isProxmox = nameRecords.some(({ from }) => from === 'proxmox');
  const guests = collectors
    .find(({ name }) => name === collector)
    ?.queries.find(({ key }) => key === 'guests');
  const isOnlyLike = !isProxmox && guests?.finishedAt !== undefined;
  const isOpen = ({ lvName, use }: Volume): boolean =>
    lvName !== undefined &&
    (use === undefined || use.owner === 'libvirt' || (use.owner === 'proxmox' && isOnlyLike));
  if (!volumes.some(isOpen)) return [];
  return [query('domains', domainCommand, parseDomains)];
}

const ofKubernetes: readonly (string | undefined)[] = [undefined, 'kubernetes', 'openebs', 'topolvm'];

function queryKubelet(host: Host, volumes: readonly Volume[]): Query[] {
  const mountable = mountableIn(volumes);
  if (mountable === undefined) return [];
  const { mounts, newestAt } = mountable;
  const files = host.nameRecords.flatMap((one) => (one.from === 'kubelet' ? [one.file] : []));
  const records = recordCommand([...new Set(files)].sort().slice(0, most));
  return [
    { ...mounts, ...stale(newestAt + mountDelayMs, host) },
    ...(files.length === 0 ? [] : [query('volumes', records, parseRecords)]),
  ];
}

/** The query for the mounts of volumes that pods may use, and when the newest of them was made. */
const mountableIn = memoizePer((volumes: readonly Volume[]) => {
  const mountable = volumes
    .filter(({ lvName, use }) => lvName !== undefined && ofKubernetes.includes(use?.owner))
    .slice(0, most);
  if (mountable.length === 0) return undefined;
  const dmNames = new Map<string, string>(
    mountable.flatMap(({ name, device }) => [
      [device, name],
      [dmKernelName(device), name],
    ]),
  );
  const command = mountCommand(mountable.map(({ device }) => ({ device, kernelName: dmKernelName(device) })));
  const mounts = query('mounts', command, (lines) =>
    parseMounts(lines, ({ device, kernelName }) => dmNames.get(device) ?? dmNames.get(kernelName)),
  );
  const newestAt = mountable.reduce((newest, { createdAfter = 0 }) => Math.max(newest, createdAfter), 0);
  return { mounts, newestAt };
});

/** From the creation of a volume to its mount in a pod. */
const mountDelayMs = 20 * secondMs;

const queryLinks = memoizePer((volumes: readonly Volume[]): readonly Query[] => {
  const dmNames = new Map(
    volumes
      .filter(({ use }) => use?.owner === 'stratis')
      .slice(0, most)
      .map(({ name, device }) => [udevRecordOf(device), name]),
  );
  if (dmNames.size === 0) return [];
  const paths = [...dmNames.keys()].map((path) => ({ how: 'text', path }) as const);
  const parse = ({ stdout }: Output): PartialFacts => ({
    nameRecords: parseLinks(parsePathContents(stdout), dmNames),
  });
  return [{ key: 'links', variants: [{ input: { paths }, parse }] }];
});

function query(
  key: string,
  command: readonly [string, ...string[]],
  parse: (lines: readonly string[]) => Partly<NameRecord>,
): Query {
  return {
    key,
    variants: [{ input: { command }, parse: factsOfLines(collector, 'nameRecords', parse) }],
  };
}

/** Due again where it was read before this moment, which must not lie ahead. */
function stale(at: number, { takenAt }: Host): Pick<Query, 'staleSince'> {
  return at > mountDelayMs && at <= takenAt ? { staleSince: at } : {};
}
