import type { GuestState } from '../../model/facts.ts';
import type { Host } from '../../model/host.ts';
import { memoizePer } from '../../model/memoize.ts';
import type { Volume } from '../../model/pool.ts';
import { minuteMs, secondMs } from '../../model/units.ts';
import { deniesWrites } from '../../thinpool/denies-writes.ts';
import { defineCollector, type Output, type Query } from '../collector.ts';
import { scrambleLines, wordsIn } from '../shared/scrambling.ts';
import { parseQmStatus, qmCommand } from './qm.ts';
import { parseDomainState, virshCommand } from './virsh.ts';

/** Guests per round: each takes a child of up to a second. */
const guestsMax = 20;

// A full pool pauses virtual machines, and every list of them still has them as running. The commands query QEMU, not the pool.
// They are slow, so they run only while a pool denies writes, one at a time; and for guests that are paused until they are not.
export const guests = defineCollector({
  name: 'guests',
  help: 'Virtual machines of Proxmox VE and libvirt that QEMU has paused after an I/O error. Read only while a pool is out of space, read-only or failed, and until paused guests are resumed.',
  needs: { tool: 'qm or virsh' },
  defaults: { intervalMs: minuteMs, timeoutMs: 10 * secondMs },
  maxConcurrent: 1,
  queries: (host) => guestsOn(host).map(queryGuest),
  scrambling: {
    vocabulary: {
      names: wordsIn('qm virsh'),
      text: wordsIn(`
        status qmpstatus running stopped paused io error i o internal prelaunch suspended shut off crashed idle blocked booted user
        unpaused migrated restored saved shutdown does not exist configuration file nodes failed get domain connect socket
      `),
    },
    // Nested values are of no use, and much of them is the guest's.
    scramble: (text, { text: message }) =>
      scrambleLines(text, (line) => (/^\s/.test(line) ? '' : message(line))),
  },
});

type Guest = Pick<GuestState, 'owner' | 'id'>;

/** Those that are paused first. */
function guestsOn(host: Host): readonly Guest[] {
  const containers = new Set(
    host.nameRecords.flatMap((one) => (one.from === 'proxmox' && one.isContainer === true ? [one.id] : [])),
  );
  const paused = host.guestStates.filter((guest) => guest.isPaused);
  const isPaused = ({ owner, id }: Guest): boolean =>
    paused.some((guest) => guest.owner === owner && guest.id === id);
  const denying = new Set(host.pools.filter(deniesWrites));
  const found = new Map<string, Guest>();
  for (const pool of host.pools.filter(({ excluded }) => excluded !== true))
    for (const guest of denying.has(pool) || paused.length > 0 ? guestsOf(pool.volumes) : [])
      if ((denying.has(pool) || isPaused(guest)) && !(guest.owner === 'proxmox' && containers.has(guest.id)))
        found.set(keyOf(guest), guest);
  return [...found.values()]
    .sort((one, other) => Number(isPaused(other)) - Number(isPaused(one)))
    .slice(0, guestsMax);
}

const guestsOf = memoizePer((volumes: readonly Volume[]) =>
  volumes.flatMap(({ use }): readonly Guest[] => {
    if (use?.role !== 'disk') return [];
    const { owner, id } = use;
    const isKnown = owner === 'libvirt' || (owner === 'proxmox' && /^[1-9]\d{0,9}$/.test(id));
    return isKnown ? [{ owner, id }] : [];
  }),
);

function keyOf({ owner, id }: Guest): string {
  return `${owner === 'proxmox' ? 'qm' : 'virsh'}@${id}`;
}

function queryGuest(guest: Guest): Query {
  const { owner, id } = guest;
  const parse = owner === 'proxmox' ? parseQmStatus : parseDomainState;
  return {
    key: keyOf(guest),
    variants: [
      {
        input: { command: owner === 'proxmox' ? qmCommand(id) : virshCommand(id) },
        parse: (output: Output) => ({ guestStates: [{ owner, id, isPaused: parse(output) }] }),
      },
    ],
  };
}
