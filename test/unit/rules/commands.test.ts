import { describe, expect, it } from 'vitest';
import { deviceOf, extendCommand, lvOf, quote, statusCommand, vgOf } from '../../../src/rules/commands.ts';
import { makePool } from '../../support/makers.ts';

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
    ['docker-253:1-77-pool', 'docker-253:1-77-pool'],
    ['with\\x20space', "'with\\x20space'"],
    ['a;reboot', "'a;reboot'"],
    ["it's", "'it'\\''s'"],
    ['-f', "'-f'"],
  ])('take the name %s as one word', (name, word) => {
    expect(quote(name)).toBe(word);
  });
});
