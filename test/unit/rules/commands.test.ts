import { describe, expect, it } from 'vitest';
import {
  deviceOf,
  extendBy,
  extendCommand,
  lvOf,
  mayExtendBy,
  quote,
  statusCommand,
  vgOf,
} from '../../../src/rules/commands.ts';
import { makePool, makeSpace } from '../../support/makers.ts';

const volumeGroup = {
  vgName: 'vg0',
  sizeBytes: 2e11,
  freeBytes: 16 * 1024 ** 3,
  extentBytes: 4 << 20,
  pvNames: [],
};
const lvm = makePool({ vgName: 'vg0', lvName: 'data', dmName: 'vg0-data-tpool', volumeGroup });

describe('commands of an advice', () => {
  it('name the VG, the LV and the device of the pool', () => {
    expect([vgOf(lvm), lvOf(lvm), deviceOf(lvm)]).toEqual(['vg0', 'vg0/data', 'vg0-data-tpool']);
    expect(statusCommand(lvm)).toBe('`timeout 10 dmsetup status --noflush vg0-data-tpool`');
  });

  it('say what the VG has left for an extension', () => {
    expect(extendCommand(lvm, 'data')).toBe('`lvextend -L +SIZE vg0/data` (VG vg0 has 16.0 GiB free)');
    expect(extendCommand(lvm, 'metadata')).toBe(
      '`lvextend --poolmetadatasize +SIZE vg0/data` (VG vg0 has 16.0 GiB free)',
    );
  });

  it('have placeholders without LVM, and in texts about any pool', () => {
    expect([vgOf(makePool()), lvOf(makePool())]).toEqual(['VG', 'VG/POOL']);
    expect([vgOf(undefined), lvOf(undefined), deviceOf(undefined)]).toEqual(['VG', 'VG/POOL', 'POOL']);
    expect(extendCommand(undefined, 'data')).toBe('`lvextend -L +SIZE VG/POOL`');
  });

  it.each([
    ['stratis', 'add a disk to it with `stratis pool add-data`'],
    [
      'docker',
      'enlarge the device under its data, then reload its table (`thinpool-exporter runbooks extend`)',
    ],
    [
      'other',
      'enlarge the device under its data, then reload its table (`thinpool-exporter runbooks extend`)',
    ],
  ] as const)('are not those of LVM for a pool of %s', (owner, words) => {
    expect(extendCommand(makePool({ owner }), 'data')).toBe(words);
  });

  it('have a size that the VG can give', () => {
    const pool = { ...lvm, layouts: { data: { areas: 2, dataAreas: 1 } }, volumeGroup };
    const pvs = [8, 4].map((GiB) => ({
      name: '/dev/sd',
      freeBytes: GiB * 2 ** 30,
      allocatable: true,
      missing: false,
    }));
    const roomy = { ...pool, volumeGroup: { ...volumeGroup, pvs } };
    // A fifth of its 200 GiB does not fit, a fiftieth does.
    expect(extendCommand(roomy, 'data')).toMatch(/^`lvextend -L \+4G vg0\/data` \(VG vg0 has /);
    expect(extendBy(roomy, 'data', 3.5 * 2 ** 30)).toBe('`lvextend -L +4G vg0/data`');
    expect(extendBy(roomy, 'data', 4.5 * 2 ** 30)).toBeUndefined();
    expect(extendBy(roomy, 'metadata', 2 ** 20)).toBeUndefined();
    expect(extendBy(pool, 'data', 2 ** 20)).toBeUndefined();
    expect(extendBy({ ...roomy, owner: 'other' }, 'data', 2 ** 20)).toBeUndefined();
    expect(mayExtendBy(lvm, 'metadata', 2 ** 20)).toBe('`lvextend --poolmetadatasize +1M vg0/data`');
  });

  describe('that extend', () => {
    const GiB = 2 ** 30;
    const layouts = { data: { areas: 1, dataAreas: 1 }, metadata: { areas: 1, dataAreas: 1 } };
    const withFree = (freeGiB: number, metadataGiB: number, group: object = {}) =>
      makePool({
        ...lvm,
        layouts,
        data: makeSpace(1_000_000, 1_638_400, 65_536),
        metadata: makeSpace(10, metadataGiB * 262_144, 4096),
        volumeGroup: {
          ...{ ...volumeGroup, ...group, freeBytes: freeGiB * GiB },
          pvs: [{ name: '/dev/sda', freeBytes: freeGiB * GiB, allocatable: true, missing: false }],
        },
      });

    it.each([
      [50, '`lvextend -L +20G vg0/data` (VG vg0 has 50.0 GiB free)'],
      [6, '`lvextend -L +5G vg0/data` (VG vg0 has 6.0 GiB free)'],
      [0, '`vgextend vg0 DEVICE`, then `lvextend -L +20G vg0/data` (VG vg0 has 0 B free)'],
    ])('have a size that the VG can give of %i GiB, or a PV comes first', (free, words) => {
      expect(extendCommand(withFree(free, 1), 'data')).toBe(words);
    });

    it('say why LVM refuses', () => {
      expect(extendCommand(withFree(50, 1, { readOnly: true }), 'data')).toBe(
        '`lvextend -L +20G vg0/data`, which LVM refuses while the VG is read-only (VG vg0)',
      );
    });

    it.each([
      ['doubles what is small', 50, 0.25, '+256M'],
      ['stays within what the kernel can use', 50, 15, '+896M'],
      ['leaves as much for the spare', 1.5, 1, '+205M'],
    ])('metadata %s', (_, free, size, step) => {
      expect(extendCommand(withFree(free, size), 'metadata')).toContain(
        `\`lvextend --poolmetadatasize ${step} vg0/data\``,
      );
    });
  });

  it.each([
    ['docker-253:1-77-pool', 'docker-253:1-77-pool'],
    ['with\\x20space', "'with\\x20space'"],
    ['a;reboot', "'a;reboot'"],
    ["it's", "'it'\\''s'"],
    ['-f', "'-f'"],
  ])('take the name %s as one word', (name, word) => {
    expect(quote(name)).toBe(word);
  });
});
