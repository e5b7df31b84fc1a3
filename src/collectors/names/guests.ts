import type { GuestName } from '../../model/facts.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { ParseError } from '../shared/errors.ts';
import { splitLine } from '../shared/grep.ts';
import { type Partly, readEach } from '../shared/partly.ts';

/** The whole cluster's: a guest that was migrated may have left its volumes here. */
const configurations = '/etc/pve/nodes';

/**
 * The first name in the configuration of each of these guests. Snapshots follow the guest's own settings, each after its name
 * in brackets, and may have had other names (pve-guest-common src/PVE/AbstractConfig.pm). Nothing else is printed of them.
 */
export function guestCommand(ids: readonly string[]): readonly [string, ...string[]] {
  return [
    'grep',
    '-raHm1',
    ...ids.map((id) => `--include=${id}.conf`),
    ...['-e', '^name: ', '-e', '^hostname: ', '-e', '^\\['],
    '--',
    configurations,
  ];
}

export function parseGuests(lines: readonly string[]): Partly<GuestName> {
  return readEach(lines, readGuest);
}

function readGuest(line: string): GuestName {
  const { file, text } = splitLine(line, '.conf');
  const { kind, id } = /\/(?<kind>qemu-server|lxc)\/(?<id>[0-9]+)\.conf$/.exec(file)?.groups ?? {};
  if (id === undefined) throw new ParseError('the configuration of a guest', line);
  const guest = { from: 'proxmox' as const, id, ...(kind === 'lxc' && { isContainer: true as const }) };
  if (text.startsWith('[')) return guest;
  const name = /^(?:host)?name: (?<name>[\x21-\x7e]{1,255})\s*$/.exec(text)?.groups?.['name'];
  if (name === undefined) throw new ParseError('the name of a guest', line);
  return omitUndefined({ ...guest, name });
}
