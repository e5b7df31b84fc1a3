import type { GuestInterface, Neighbour } from '../../model/facts.ts';
import { ParseError } from '../shared/errors.ts';
import { type Partly, readEach } from '../shared/partly.ts';

/** The lines of these IPv4 addresses in the kernel's table of neighbours, which is in memory. */
export function neighbourCommand(addresses: readonly string[]): readonly [string, ...string[]] {
  const patterns = addresses.flatMap((address) => ['-e', `^${address.replaceAll('.', '\\.')} `]);
  return ['grep', '-aE', ...patterns, '--', '/proc/net/arp'];
}

/** `ADDRESS TYPE FLAGS MAC MASK DEVICE` (man proc, net/arp). The MAC is zero while it is not known. */
export function parseNeighbours(lines: readonly string[]): Partly<Neighbour> {
  const { records, unreadable } = readEach(lines, (line) => {
    const { address, mac } =
      /^(?<address>[\d.]{7,15}) +0x\w+ +0x\w+ +(?<mac>(?:[0-9a-f]{2}:){5}[0-9a-f]{2}) /i.exec(line)?.groups ??
      {};
    if (address === undefined || mac === undefined) throw new ParseError('a neighbour', line);
    return { address, mac: mac.toLowerCase() };
  });
  return { records: records.filter(({ mac }) => mac !== '00:00:00:00:00:00'), unreadable };
}

const places = ['/etc/pve/nodes', '/etc/libvirt/qemu'];

/** The files of guests that have an interface with one of these MACs. Nothing else is printed of them. */
export function interfaceCommand(macs: readonly string[]): readonly [string, ...string[]] {
  const patterns = macs.flatMap((mac) => ['-e', mac]);
  return ['grep', '-raoiHF', '--include=*.conf', '--include=*.xml', ...patterns, '--', ...places];
}

const files = [
  { owner: 'proxmox', file: /^\/etc\/pve\/nodes\/[^/]+\/(?:qemu-server|lxc)\/(?<id>\d+)\.conf$/ },
  { owner: 'libvirt', file: /^\/etc\/libvirt\/qemu\/(?<id>[^/]+)\.xml$/ },
] as const;

/** Other files may have a MAC as well: networks of libvirt, what starts with the host. */
export function parseInterfaces(lines: readonly string[]): Partly<GuestInterface> {
  const { records, unreadable } = readEach(lines, (line) => {
    const { path, mac } = /^(?<path>\/.*):(?<mac>(?:[0-9a-f]{2}:){5}[0-9a-f]{2})$/i.exec(line)?.groups ?? {};
    if (path === undefined || mac === undefined) throw new ParseError('the MAC of a guest', line);
    return files.flatMap(({ owner, file }) => {
      const id = file.exec(path)?.groups?.['id'];
      return id === undefined ? [] : [{ owner, id, mac: mac.toLowerCase() }];
    });
  });
  return { records: records.flat(), unreadable };
}
