import { describe, expect, it } from 'vitest';
import type { Query } from '../../../../src/collectors/collector.ts';
import { guests } from '../../../../src/collectors/guests/guests.ts';
import { parseQmStatus } from '../../../../src/collectors/guests/qm.ts';
import { parseDomainState } from '../../../../src/collectors/guests/virsh.ts';
import { Exited, ParseError, Unavailable } from '../../../../src/collectors/shared/errors.ts';
import type { Host } from '../../../../src/model/host.ts';
import type { ActivePool, Volume, VolumeUse } from '../../../../src/model/pool.ts';
import { makeHost, makePool, makeSpace, makeVolume } from '../../../support/makers.ts';

const disk = (owner: 'proxmox' | 'libvirt', id: string, parts: Partial<VolumeUse> = {}): Volume => ({
  ...makeVolume('253:9'),
  name: `volume-${id}`,
  use: { owner, role: 'disk', consumer: 'guest', id, ...parts },
});
const counters = makePool().counters!;
const full = { counters: { ...counters, mode: 'out_of_data_space' as const } };

function queriesOf(pool: Partial<ActivePool>, host: Partial<Host> = {}): readonly Query[] {
  return guests.queries(makeHost({ pools: [makePool(pool)], ...host }), { segMonitor: 'auto' });
}

const keysOf = (...given: Parameters<typeof queriesOf>) => queriesOf(...given).map(({ key }) => key);
const output = (stdout: string, stderr = '', exitCode = 0) => ({ stdout, stderr, exitCode, takenAt: 0 });

describe('guests', () => {
  const volumes = [disk('proxmox', '100'), disk('libvirt', 'win')];

  it('are left alone while their pool takes writes', () => {
    expect(keysOf({ volumes })).toEqual([]);
  });

  it.each<[string, Partial<ActivePool>]>([
    ['is out of data space', full],
    ['has no block left', { data: makeSpace(10, 10, 65_536) }],
    ['has no metadata left', { metadata: makeSpace(10, 10, 4096) }],
    ['is read-only', { counters: { ...counters, mode: 'ro' } }],
    ['needs a check', { counters: { ...counters, needsCheck: true } }],
    ['has failed', { state: 'failed' }],
  ])('are queried where their pool %s', (_, parts) => {
    expect(keysOf({ volumes, ...parts })).toEqual(['qm@100', 'virsh@win']);
  });

  it('are queried with commands that change nothing', () => {
    const [ofQm, ofVirsh] = queriesOf({ volumes, ...full }).map(({ variants: [{ input }] }) => input);
    expect(ofQm).toEqual({ command: ['qm', 'status', '100', '--verbose'] });
    expect(ofVirsh).toEqual({
      command: ['virsh', '-r', '-c', 'qemu:///system', 'domstate', '--reason', '--domain', 'win'],
    });
  });

  it('that are paused are queried until they run, also once the pool has room', () => {
    const guestStates = [
      { owner: 'proxmox', id: '100', isPaused: true },
      { owner: 'libvirt', id: 'win', isPaused: false },
    ] as const;
    expect(keysOf({ volumes }, { guestStates })).toEqual(['qm@100']);
  });

  it('are virtual machines, each once, of pools that are watched', () => {
    const others = [
      disk('proxmox', '103', { role: 'snapshot' }),
      disk('proxmox', '102'),
      disk('proxmox', '-x'),
      disk('proxmox', '100'),
    ];
    const nameRecords = [{ from: 'proxmox', id: '102', isContainer: true }] as const;
    expect(keysOf({ volumes: [...volumes, ...others], ...full }, { nameRecords })).toEqual([
      'qm@100',
      'virsh@win',
    ]);
    expect(
      guests.queries(makeHost({ pools: [{ ...makePool({ volumes, ...full }), excluded: true }] }), {
        segMonitor: 'auto',
      }),
    ).toEqual([]);
  });

  it('are twenty at most, one at a time, the paused ones first', () => {
    const many = Array.from({ length: 30 }, (_, at) => disk('proxmox', String(100 + at)));
    const guestStates = [{ owner: 'proxmox', id: '125', isPaused: true }] as const;
    const keys = keysOf({ volumes: many, ...full }, { guestStates });
    expect([keys.length, keys[0], guests.maxConcurrent]).toEqual([20, 'qm@125', 1]);
  });
});

describe('qm', () => {
  it.each([
    ['qmpstatus: io-error\nstatus: running\n', true],
    ['qmpstatus: paused\nstatus: running\n', false],
    ['name: a\n\tqmpstatus: io-error\nqmpstatus: running\n', false],
    ['status: stopped\n', false],
  ])('says with %j whether the guest is paused', (stdout, isPaused) => {
    expect(parseQmStatus(output(stdout))).toBe(isPaused);
  });

  it('may not know', () => {
    const absent = "Configuration file 'nodes/pve1/qemu-server/102.conf' does not exist\n";
    expect(() => parseQmStatus(output('', absent, 2))).toThrow(Unavailable);
    expect(() => parseQmStatus(output('', 'ipcc_send_rec failed\n', 255))).toThrow(Exited);
    expect(() => parseQmStatus(output('status: running\n'))).toThrow(ParseError);
  });
});

describe('virsh', () => {
  it.each([
    ['paused (I/O error)\n\n', true],
    ['paused (user)\n\n', false],
    ['running (booted)\n\n', false],
    ['shut off\n', false],
  ])('says with %j whether the domain is paused', (stdout, isPaused) => {
    expect(parseDomainState(output(stdout))).toBe(isPaused);
  });

  it('may not know', () => {
    expect(() => parseDomainState(output('', "error: failed to get domain 'win'\n", 1))).toThrow(Unavailable);
    expect(() => parseDomainState(output('', 'error: Timed out\n', 1))).toThrow(Exited);
    expect(() => parseDomainState(output(''))).toThrow(ParseError);
  });
});
