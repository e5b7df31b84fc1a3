import { describe, expect, it } from 'vitest';
import type { Host } from '../../../src/model/host.ts';
import { evaluate } from '../../../src/rules/evaluate.ts';
import { makePool } from '../../support/makers.ts';
import { dayMs, hostThatWrites } from './cases/discards.ts';

const GiB = 1024 ** 3;
const found = (host: Host) =>
  evaluate({ host, trends: [] }, new Map(), { debounce: false }).findings.filter(
    ({ code }) => code === 'never-discards',
  );

describe('is quiet', () => {
  const counters = { ...makePool().counters!, discard: 'discard_passdown' as const };

  it.each([
    ['less is written', hostThatWrites({ writtenBytes: 39 * GiB })],
    ['it maps little', hostThatWrites({}, { mappedBytes: GiB - 1 })],
    ['the kernel does not count discards', { ...hostThatWrites(), deviceTraffic: [] }],
    ['the counters are of another device', hostThatWrites({ device: '253:8' })],
    ['the volume was created within the week', hostThatWrites({}, { createdAfter: 93 * dayMs })],
    [
      'it goes with its container',
      hostThatWrites({}, { use: { owner: 'docker', role: 'disk', consumer: 'container', id: 'a' } }),
    ],
    [
      'it is volatile',
      hostThatWrites({}, { use: { owner: 'qubes', role: 'volatile', consumer: 'qube', id: 'a' } }),
    ],
    ['the pool is not active', hostThatWrites({}, {}, { presence: 'inactive', counters })],
  ])('where %s', (_, host) => {
    expect(found(host)).toEqual([]);
  });

  it('where LVM created the volume within the week', () => {
    const lv = { vgName: 'vg0', lvName: 'home', role: 'volume', createdAt: 93 * dayMs } as const;
    expect(found({ ...hostThatWrites(), logicalVolumes: [lv] })).toEqual([]);
    expect(found({ ...hostThatWrites(), logicalVolumes: [{ ...lv, createdAt: 91 * dayMs }] })).toHaveLength(
      1,
    );
  });
});

it('advises by owner', () => {
  const use = { owner: 'proxmox', role: 'disk', consumer: 'guest', id: '100' } as const;
  const [one] = found(hostThatWrites({}, { use }));
  expect(one?.advice).toContain('`pct fstrim 100`');
  expect(one?.advice).toContain('`discard=on`');
  expect(one?.advice).toContain('`systemctl enable --now fstrim.timer`');
});

it('says instead that the pool ignores discards', () => {
  const counters = { ...makePool().counters!, discard: 'ignore_discard' as const };
  const [one, ...others] = found(hostThatWrites({}, {}, { counters }));
  expect(others).toEqual([]);
  expect(one?.summary).toBe('pool vg0-data ignores discards: files that are deleted free nothing in it');
  expect(one?.advice).toBe('While the pool is not active: `lvchange --discards passdown vg0/data`.');
});
