import { describe, expect, it } from 'vitest';
import { dockerDevice, ownerOf } from '../../../src/thinpool/owner.ts';

describe('dockerDevice', () => {
  it.each([
    ['docker-253:1-268435585-pool', 'pool'],
    ['docker-253:1-268435585-base', 'base'],
    ['docker-8:1-12-3f2a', '3f2a'],
    ['docker-thinpool', undefined],
    ['container-253:1-77-pool', undefined],
    ['vg-docker-253:1-77-pool', undefined],
  ])('of %s is %s', (name, device) => {
    expect(dockerDevice(name)).toBe(device);
  });
});

describe('ownerOf', () => {
  it.each([
    ['vg-pool-tpool', 'LVM-abc-tpool', [], 'lvm'],
    ['stratis-1-private-1f-thin-pool', undefined, [], 'stratis'],
    ['docker-253:1-77-pool', undefined, [], 'docker'],
    ['docker-253:1-77-base', undefined, [], 'other'],
    ['container-253:1-77-pool', undefined, [], 'containers-storage'],
    ['devpool', undefined, ['devpool-snap-4'], 'containerd'],
    ['devpool', undefined, ['other-snap-4'], 'other'],
  ] as const)('of %s (UUID %s, volumes %j) is %s', (name, uuid, volumes, owner) => {
    const named = volumes.map((volume) => ({ name: volume }));
    expect(ownerOf(name, uuid, named)).toBe(owner);
  });
});
