import { describe, expect, it } from 'vitest';
import type { Volume, VolumeOwner, VolumeUse } from '../../../src/model/pool.ts';
import { describeFastest, describeUnneeded, mainOwner, nameVolume } from '../../../src/rules/owners.ts';
import { makePool } from '../../support/makers.ts';

function volume(name: string, owner?: VolumeOwner, more: Partial<VolumeUse> = {}): Volume {
  const use = owner && { owner, role: 'disk' as const, consumer: 'guest', id: '100', ...more };
  return { name, device: '253:7', suspended: false, sizeBytes: 1, ...(use && { use }) };
}

const guest = volume('pve-vm--100--disk--0', 'proxmox', { name: 'web-01' });

describe('the owner of a pool', () => {
  it('is that of most volumes', () => {
    expect(mainOwner({ volumes: [guest, volume('a', 'libvirt'), guest, volume('b')] })).toBe('proxmox');
    expect(mainOwner({ volumes: [volume('b')] })).toBeUndefined();
  });

  it('says how to delete what is not needed', () => {
    expect(describeUnneeded(makePool({ volumes: [guest] }), 'usual')).toContain('`qm delsnapshot ID NAME`');
    expect(describeUnneeded(makePool({ volumes: [volume('a', 'docker')] }), 'usual')).toBe('usual');
    expect(describeUnneeded(makePool(), 'usual')).toBe('usual');
    expect(describeUnneeded(undefined, 'usual')).toBe('usual');
  });
});

describe('a volume', () => {
  it('has the name that people know beside that of its device', () => {
    expect(nameVolume(guest)).toBe('pve-vm--100--disk--0, guest 100 (web-01)');
    expect(nameVolume(volume('vg-a'))).toBe('vg-a');
  });

  it('that grows fastest has the name that people know, else that of its tool', () => {
    const pool = makePool({
      volumes: [guest, { ...volume('vg-a'), knownAs: { kind: 'lvm', name: 'vg/a' } }],
    });
    const growing = (name: string, bytesPerSecond = 1024 ** 2) => [
      { volume: name, bytesPerSecond, mappedBytes: 1 },
    ];
    expect(describeFastest(pool, growing(guest.name))).toBe('guest 100 (web-01) grows by 1.0 MiB/s');
    expect(describeFastest(pool, growing('vg-a'))).toBe('vg/a grows by 1.0 MiB/s');
    expect(describeFastest(pool, growing('gone'))).toBe('gone grows by 1.0 MiB/s');
    expect(describeFastest(pool, growing('vg-a', 0))).toBeUndefined();
    expect(describeFastest(pool, [])).toBeUndefined();
    expect(describeFastest(pool, undefined)).toBeUndefined();
  });
});
