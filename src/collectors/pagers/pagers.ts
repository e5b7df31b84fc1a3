import type { Facts, PagerProcess, PartialFacts } from '../../model/facts.ts';
import type { Host } from '../../model/host.ts';
import { memoizePer } from '../../model/memoize.ts';
import type { Volume } from '../../model/pool.ts';
import { minuteMs, secondMs } from '../../model/units.ts';
import { slowBatch } from '../../safety/batching.ts';
import { whyMountsMayHang } from '../../safety/sick.ts';
import { defineCollector, type Output, type Query } from '../collector.ts';
import { Exited } from '../shared/errors.ts';
import { factsOfLines } from '../shared/grep.ts';
import { linesOf } from '../shared/lines.ts';
import type { Partly } from '../shared/partly.ts';
import { interfaceCommand, neighbourCommand, parseInterfaces, parseNeighbours } from './guest-interfaces.ts';
import { parsePlaces, placeCommand } from './places.ts';
import { processNames } from './programs.ts';
import { scrambling } from './scrambling.ts';

const collector = 'pagers';

/** More of them run on one host only for tests. */
const processesMax = 16;

// The command line of a process is read from its memory, which may wait for a disk: both commands run in children, and never
// while something is wrong with a pool.
export const pagers = defineCollector({
  name: collector,
  help: 'Prometheus, Alertmanager, VictoriaMetrics, vmalert and Grafana on this host, also in containers, and the devices that hold their data: on a thin pool, they stop with it.',
  needs: { tool: 'pgrep and grep', package: 'procps and grep' },
  defaults: { intervalMs: 10 * minuteMs, timeoutMs: 5 * secondMs },
  maxConcurrent: 1,
  queries: (host) => {
    if (host.pools.length === 0) return [];
    const isWell = areWell(host);
    return [queryProcesses(), ...queryPlaces(host), ...queryNeighbours(host), ...queryInterfaces(host)].map(
      (query) => (isWell ? query : { ...query, rests: true }),
    );
  },
  scrambling,
});

function queryProcesses(): Query {
  return {
    key: 'processes',
    // What was known before a pool was sick counts while it is.
    neverExpires: true,
    variants: [
      {
        input: { command: ['pgrep', '-lx', processNames] },
        parse: (output) => ({ pagerProcesses: readProcesses(output) }),
      },
    ],
  };
}

/** `PID NAME`. pgrep exits with 1 if there is none. */
function readProcesses({ stdout, stderr, exitCode }: Output): readonly PagerProcess[] {
  if (exitCode > 1) throw new Exited(exitCode, stderr);
  return linesOf(stdout).flatMap((line) => {
    const pid = /^(?<pid>[1-9]\d{0,9}) /.exec(line)?.groups?.['pid'];
    return pid === undefined ? [] : [{ pid: Number(pid) }];
  });
}

function queryPlaces({ pagerProcesses }: Host): readonly Query[] {
  const pids = pagerProcesses.slice(0, processesMax).map(({ pid }) => pid);
  if (pids.length === 0) return [];
  return [grep('places', placeCommand(pids), parsePlaces, 'pagers')];
}

/** What was known before a pool was sick counts while it is. */
function grep<Kind extends keyof PartialFacts>(
  key: string,
  command: readonly [string, ...string[]],
  parse: (lines: readonly string[]) => Partly<Facts[Kind][number]>,
  kind: Kind,
): Query {
  return {
    key,
    neverExpires: true,
    variants: [{ input: { command }, parse: factsOfLines(collector, kind, parse) }],
  };
}

/** Guests of Proxmox VE and libvirt have files with their MACs: only these distinguish a virtual machine from another host. */
function queryNeighbours({ pools, pagerAddresses = [] }: Host): readonly Query[] {
  if (pagerAddresses.length === 0 || !pools.some(({ volumes }) => haveGuests(volumes))) return [];
  return [grep('neighbours', neighbourCommand(pagerAddresses), parseNeighbours, 'neighbours')];
}

const haveGuests = memoizePer((volumes: readonly Volume[]) =>
  volumes.some(({ use }) => use?.owner === 'proxmox' || use?.owner === 'libvirt'),
);

function queryInterfaces({ neighbours }: Host): readonly Query[] {
  const macs = [...new Set(neighbours.map(({ mac }) => mac))].sort();
  if (macs.length === 0) return [];
  return [grep('guest-interfaces', interfaceCommand(macs), parseInterfaces, 'guestInterfaces')];
}

/** Where programs have their data can wait until all pools are well, and is known from before. */
function areWell(host: Host): boolean {
  return slowBatch(host) === undefined && host.pools.every((pool) => whyMountsMayHang(pool) === undefined);
}
