import type { GuestState } from '../../../../src/model/facts.ts';
import type { Host } from '../../../../src/model/host.ts';
import type { Pool, Volume } from '../../../../src/model/pool.ts';
import { makeHost, makeSpace, makeVolume } from '../../../support/makers.ts';
import { type CodeCases, lvmPool } from '../each-code.ts';

export const guestDisk: Volume = {
  ...makeVolume('253:9'),
  use: { owner: 'proxmox', role: 'disk', consumer: 'guest', id: '100', name: 'web-01' },
};

/** A full pool with a disk of guest 100. */
export function hostWithGuest(isPaused: boolean, parts: Partial<Pool> = {}): Host {
  const guestStates: readonly GuestState[] = [{ owner: 'proxmox', id: '100', isPaused }];
  return makeHost({
    pools: [lvmPool({ volumes: [guestDisk], data: makeSpace(100, 100, 65_536), ...parts })],
    guestStates,
  });
}

export const guestCases: CodeCases = {
  'guests-paused': {
    fires: hostWithGuest(true),
    summary: 'pool vg0-data has a guest that is paused after an I/O error: guest 100 (web-01)',
    quiet: hostWithGuest(false),
  },
};
