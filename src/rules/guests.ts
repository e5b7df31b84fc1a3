import { describeUse } from '../format/describe-use.ts';
import type { GuestState } from '../model/facts.ts';
import type { Host } from '../model/host.ts';
import type { Pool, Volume } from '../model/pool.ts';
import { deniesWrites } from '../thinpool/denies-writes.ts';
import { extendCommand, quote } from './commands.ts';
import { type PoolHit, poolRule, type Rule } from './rule.ts';

interface PausedGuest {
  readonly guest: GuestState;
  readonly name: string;
}

/** Of one that has disks on several pools, it is the one that denies writes that paused it. */
function pausedOn(pool: Pool, { guestStates, pools }: Host): readonly PausedGuest[] {
  return guestStates.flatMap((guest) => {
    const volume = guest.isPaused ? diskOf(guest, pool) : undefined;
    if (volume?.use === undefined) return [];
    const isByAnother =
      !deniesWrites(pool) && pools.some((other) => deniesWrites(other) && diskOf(guest, other) !== undefined);
    return isByAnother ? [] : [{ guest, name: describeUse(volume.use) }];
  });
}

/** A disk of a guest on a pool. */
export function diskOf(
  { owner, id }: Pick<GuestState, 'owner' | 'id'>,
  { volumes }: Pool,
): Volume | undefined {
  return volumes.find(({ use }) => use?.role === 'disk' && use.owner === owner && use.id === id);
}

/** The others are counted. */
const namedMax = 5;

function judge(pool: Pool, host: Host): readonly PoolHit[] {
  const found = pausedOn(pool, host);
  if (found.length === 0) return [];
  const names = found.slice(0, namedMax).map(({ name }) => name);
  const more = found.length - names.length;
  const list = [...names, ...(more === 0 ? [] : [`${more} more`])].join(', ');
  const commands = found.slice(0, namedMax).map(({ guest }) => `\`${resume(guest)}\``);
  const first = deniesWrites(pool) ? firstOf(pool) : 'The pool takes writes again: ';
  return [
    {
      message: `has ${found.length === 1 ? 'a guest that is' : `${found.length} guests that are`} paused after an I/O error: ${list}`,
      advice: `${first}${commands.join(', ')}. Do not reset them: a paused guest has lost nothing.`,
    },
  ];
}

/** A guest that is resumed before the pool has room is paused again. */
function firstOf(pool: Pool): string {
  const { data, metadata } = pool;
  if (data?.freeBytes === 0) return `Extend the pool first: ${extendCommand(pool, 'data')}. Then: `;
  if (metadata?.freeBytes === 0)
    return `Extend the metadata first: ${extendCommand(pool, 'metadata')}. Then: `;
  return 'First make the pool writable: its other findings say how. Then: ';
}

function resume({ owner, id }: GuestState): string {
  return owner === 'proxmox' ? `qm resume ${quote(id)}` : `virsh resume ${quote(id)}`;
}

export const guestRules: readonly Rule[] = [
  poolRule({
    code: 'guests-paused',
    severity: 'critical',
    about: 'state',
    alert: 'ThinPoolGuestsPaused',
    meaning:
      'QEMU has paused virtual machines after an I/O error of their disks on the pool. They do nothing until they are resumed, although lists show them as running. Up to 20 virtual machines of Proxmox VE and libvirt are checked while the pool is out of space, read-only or failed.',
    advice: 'Extend the pool first, then resume them (`qm resume ID`, `virsh resume NAME`).',
    judge,
  }),
];
