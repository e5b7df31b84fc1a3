import { expect, it } from 'vitest';
import type { Host } from '../../../src/model/host.ts';
import { evaluate } from '../../../src/rules/evaluate.ts';
import { makeSpace } from '../../support/makers.ts';
import { guestDisk, hostWithGuest } from './cases/guests.ts';
import { lvmPool } from './each-code.ts';

const foundIn = (host: Host) =>
  evaluate({ host, trends: [] }, new Map()).findings.filter(({ code }) => code === 'guests-paused');
const room = { data: makeSpace(50, 100, 65_536) };

it('advises to extend before the guest is resumed', () => {
  const [one] = foundIn(hostWithGuest(true));
  expect(one?.advice).toMatch(/^Extend the pool first: `lvextend .*Then: `qm resume 100`/);
});

it('holds once the pool has room, until the guest runs', () => {
  const [one] = foundIn(hostWithGuest(true, room));
  expect(one?.advice).toMatch(/^The pool takes writes again: `qm resume 100`/);
  expect(foundIn(hostWithGuest(false, room))).toEqual([]);
});

it('is about the pool that is full, where the guest has disks on another as well', () => {
  const host = hostWithGuest(true);
  const other = lvmPool({ ...room, name: 'other', volumes: [guestDisk] });
  expect(foundIn({ ...host, pools: [...host.pools, other] }).map(({ pool }) => pool)).toEqual(['vg0-data']);
});

it('advises virsh for a domain of libvirt', () => {
  const volume = {
    ...guestDisk,
    use: { owner: 'libvirt', role: 'disk', consumer: 'domain', id: 'a b' } as const,
  };
  const host = hostWithGuest(true, { volumes: [volume] });
  const [one] = foundIn({ ...host, guestStates: [{ owner: 'libvirt', id: 'a b', isPaused: true }] });
  expect(one?.advice).toContain("`virsh resume 'a b'`");
});
