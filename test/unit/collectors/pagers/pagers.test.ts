import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Query } from '../../../../src/collectors/collector.ts';
import { pagers } from '../../../../src/collectors/pagers/pagers.ts';
import { placeCommand } from '../../../../src/collectors/pagers/places.ts';
import { Exited, ParseError } from '../../../../src/collectors/shared/errors.ts';
import type { PartialFacts } from '../../../../src/model/facts.ts';
import type { Host } from '../../../../src/model/host.ts';
import { makeHost, makePool, makeSpace, makeVolume } from '../../../support/makers.ts';

const queriesOf = (host: Partial<Host>): readonly Query[] =>
  pagers.queries(makeHost({ pools: [makePool()], ...host }), { segMonitor: 'auto' });

function read(query: Query | undefined, stdout: string, stderr = '', exitCode = 0): PartialFacts | undefined {
  return query?.variants[0].parse({ stdout, stderr, exitCode, takenAt: 0 }, undefined);
}

describe('the processes', () => {
  const [query] = queriesOf({});

  it('are found by their names', () => {
    expect(read(query, '812 prometheus\n900 grafana-server\n')).toEqual({
      pagerProcesses: [{ pid: 812 }, { pid: 900 }],
    });
    expect(read(query, '', '', 1)).toEqual({ pagerProcesses: [] });
    expect(() => read(query, '', 'pgrep: cannot open /proc', 3)).toThrow(Exited);
  });

  it.each([
    ['is out of space', makePool({ data: makeSpace(10, 10, 65_536) })],
    ['has an overdue query', makePool({ late: { degree: 'overdue', collector: 'pools' } as never })],
  ])('are left alone while a pool %s, and so are their files', (_, pool) => {
    const queries = queriesOf({ pools: [pool], pagerProcesses: [{ pid: 812 }] });
    expect(queries.map(({ key, rests }) => [key, rests === true])).toEqual([
      ['processes', true],
      ['places', true],
    ]);
    expect(queriesOf({ pools: [makePool()] })[0]?.rests).toBeUndefined();
  });

  it('are not looked for where there is no pool', () => {
    expect(queriesOf({ pools: [] })).toEqual([]);
  });

  it('are sixteen at most', () => {
    const pagerProcesses = Array.from({ length: 40 }, (_, pid) => ({ pid: pid + 1 }));
    const [, places] = queriesOf({ pagerProcesses });
    expect(JSON.stringify(places?.variants[0].input).match(/\/comm"/g)).toHaveLength(16);
  });
});

describe('their places', () => {
  const [, query] = queriesOf({ pagerProcesses: [{ pid: 812 }] });
  const root = 'mountinfo:29 1 259:2 / / rw - ext4 /dev/sda2 rw';
  const srv = 'mountinfo:44 29 253:5 / /srv rw - ext4 /dev/mapper/vg0-srv rw';
  const placesOf = (...lines: readonly string[]) =>
    read(query, lines.map((line) => `/proc/812/${line}\n`).join(''))?.pagers;

  it.each<[string, readonly string[], string, string | undefined]>([
    ['the folder of an option', ['cmdline:--storage.tsdb.path=/srv/data', root, srv], '253:5', '/srv/data'],
    ['as two arguments', ['cmdline:--storage.tsdb.path\0/srv/data', root, srv], '253:5', '/srv/data'],
    ['of an agent', ['cmdline:--storage.agent.path=/srv', root, srv], '253:5', '/srv'],
    [
      'the last, if it is there twice',
      ['cmdline:--storage.tsdb.path=/srv', 'cmdline:--storage.tsdb.path=/a', root, srv],
      '259:2',
      '/a',
    ],
    ['a folder beside a mount', ['cmdline:--storage.tsdb.path=/srv2', root, srv], '259:2', '/srv2'],
    [
      'the usual folder',
      [root, 'mountinfo:50 29 253:7 / /var/lib/prometheus rw - xfs /dev/a rw'],
      '253:7',
      undefined,
    ],
    [
      'the root of a container',
      ['mountinfo:29 1 253:9 / / rw - ext4 /dev/mapper/pve-vm--101--disk--0 rw'],
      '253:9',
      undefined,
    ],
    [
      'the last of two mounts at one place',
      ['cmdline:--storage.tsdb.path=/srv', root, srv, 'mountinfo:60 44 253:8 / /srv rw - ext4 /dev/b rw'],
      '253:8',
      '/srv',
    ],
    [
      "another program's option is none of it",
      ['cmdline:--storage.path=/srv', root, srv],
      '259:2',
      undefined,
    ],
  ])('are known by %s', (_, lines, device, folder) => {
    const found = placesOf('comm:prometheus', ...lines);
    expect(found).toHaveLength(1);
    expect(found?.[0]).toMatchObject({ program: 'Prometheus', device });
    expect(found?.[0]?.folder).toBe(folder);
  });

  it('are not those of a process that has the number by now', () => {
    expect(placesOf('comm:bash', root)).toEqual([]);
    expect(placesOf(root)).toEqual([]);
    expect(read(query, '', 'grep: /proc/812/comm: No such file or directory', 2)).toEqual({ pagers: [] });
  });

  it('lose an odd line only', () => {
    const facts = read(
      query,
      `/proc/812/comm:prometheus\n/proc/812/${root}\n/proc/812/mountinfo:1 2 3:4 /odd\n`,
    );
    expect(facts?.pagers).toHaveLength(1);
    expect(facts?.unreadable).toHaveLength(1);
    expect(() => read(query, 'odd\n')).toThrow(ParseError);
  });
});

describe('guests that scrape', () => {
  const mac = 'bc:24:11:0a:0b:0c';
  const use = { owner: 'proxmox', role: 'disk', consumer: 'guest', id: '105' } as const;
  const pools = [makePool({ volumes: [{ ...makeVolume('253:9'), use }] })];
  const keysOf = (host: Partial<Host>) => queriesOf(host).map(({ key }) => key);

  it('are looked for where there are guests, and someone scrapes', () => {
    expect(keysOf({ pools, pagerAddresses: ['192.0.2.7'] })).toEqual(['processes', 'neighbours']);
    expect(keysOf({ pools, pagerAddresses: [] })).toEqual(['processes']);
    expect(keysOf({ pagerAddresses: ['192.0.2.7'] })).toEqual(['processes']);
    const neighbours = [{ address: '192.0.2.7', mac }];
    expect(keysOf({ pools, pagerAddresses: ['192.0.2.7'], neighbours })).toContain('guest-interfaces');
  });

  it('have a line in the table of neighbours', () => {
    const [, query] = queriesOf({ pools, pagerAddresses: ['192.0.2.7'] });
    expect(query?.variants[0].input).toEqual({
      command: ['grep', '-aE', '-e', '^192\\.0\\.2\\.7 ', '--', '/proc/net/arp'],
    });
    const line = (address: string, of: string) =>
      `${address}        0x1         0x2         ${of}     *        vmbr0\n`;
    const printed = line('192.0.2.7', 'BC:24:11:0a:0b:0c') + line('192.0.2.8', '00:00:00:00:00:00');
    expect(read(query, printed)).toEqual({ neighbours: [{ address: '192.0.2.7', mac }] });
    expect(read(query, '', '', 1)).toEqual({ neighbours: [] });
  });

  it('have a file with their MAC', () => {
    const [, , query] = queriesOf({
      pools,
      pagerAddresses: ['192.0.2.7'],
      neighbours: [{ address: '192.0.2.7', mac }],
    });
    const printed = [
      '/etc/pve/nodes/pve1/qemu-server/105.conf:BC:24:11:0A:0B:0C',
      '/etc/pve/nodes/pve1/lxc/106.conf:BC:24:11:0A:0B:0C',
      '/etc/libvirt/qemu/web one.xml:bc:24:11:0a:0b:0c',
      '/etc/libvirt/qemu/networks/default.xml:bc:24:11:0a:0b:0c',
    ];
    expect(read(query, `${printed.join('\n')}\n`)?.guestInterfaces).toEqual([
      { owner: 'proxmox', id: '105', mac },
      { owner: 'proxmox', id: '106', mac },
      { owner: 'libvirt', id: 'web one', mac },
    ]);
  });
});

it('prints of a real process its name, its folder and its mounts, and nothing else of its command line', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pagers-'));
  const program = path.join(folder, 'prometheus');
  writeFileSync(program, '#!/bin/sh\necho ready\nread end\n', { mode: 0o700 });
  const words = ['--web.password=secret', '--storage.tsdb.path', '/proc/data', '--x=y'];
  const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    await once(child.stdout, 'data');
    const [grep, ...rest] = placeCommand([child.pid!]);
    const { stdout } = spawnSync(grep, rest, {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    });
    expect(stdout).not.toContain('secret');
    expect(stdout).toContain(`/proc/${child.pid}/comm:prometheus\n`);
    const [, query] = queriesOf({ pagerProcesses: [{ pid: child.pid! }] });
    const [place] = read(query, stdout)?.pagers ?? [];
    expect(place).toMatchObject({ program: 'Prometheus', folder: '/proc/data', source: 'proc' });
  } finally {
    child.stdin.end('end\n');
    await once(child, 'close');
    rmSync(folder, { recursive: true });
  }
});
