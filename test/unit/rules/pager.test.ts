import { describe, expect, it } from 'vitest';
import type { Host } from '../../../src/model/host.ts';
import { evaluate } from '../../../src/rules/evaluate.ts';
import { makeVolume } from '../../support/makers.ts';
import { hostWithPager } from './cases/pager.ts';
import { lvmPool } from './each-code.ts';

const foundIn = (host: Host) =>
  evaluate({ host, trends: [] }, new Map())
    .findings.filter(({ code }) => code === 'pager-on-pool')
    .map(({ summary }) => summary);

it('finds Btrfs by the name of its device', () => {
  expect(foundIn(hostWithPager({ device: '0:45' }))).toHaveLength(1);
  expect(foundIn(hostWithPager({ device: '0:45', source: '/dev/mapper/vg0-other' }))).toEqual([]);
});

describe('a guest', () => {
  const use = { owner: 'proxmox', role: 'disk', consumer: 'guest', id: '105', name: 'prom' } as const;
  const guest = {
    ...hostWithPager({}),
    pools: [lvmPool({ volumes: [{ ...makeVolume('253:9'), use }] })],
    pagers: [],
    pagerAddresses: ['192.0.2.7'],
    neighbours: [{ address: '192.0.2.7', mac: 'bc:24:11:00:00:01' }],
    guestInterfaces: [{ owner: 'proxmox', id: '105', mac: 'bc:24:11:00:00:01' }],
  } as const;

  it('that scrapes is known by its MAC', () => {
    expect(foundIn(guest)).toEqual([
      'pool vg0-data holds the disk of what would page about it: guest 105 (prom)',
    ]);
  });

  it.each<[string, Partial<Host>]>([
    ['does not scrape', { pagerAddresses: ['192.0.2.8'] }],
    ['has another MAC', { guestInterfaces: [{ owner: 'proxmox', id: '105', mac: 'bc:24:11:00:00:02' }] }],
    ['has no disk here', { guestInterfaces: [{ owner: 'proxmox', id: '106', mac: 'bc:24:11:00:00:01' }] }],
  ])('that %s is none', (_, parts) => {
    expect(foundIn({ ...guest, ...parts })).toEqual([]);
  });
});

it('says each program once', () => {
  const host = hostWithPager({});
  const [pager] = host.pagers;
  const pagers = [pager!, pager!, { ...pager!, program: 'Alertmanager' } as const];
  expect(foundIn({ ...host, pagers })).toEqual([
    'pool vg0-data holds the data of Prometheus, which would page about it: volume vg0-srv',
    'pool vg0-data holds the data of Alertmanager, which would page about it: volume vg0-srv',
  ]);
});
