import { expect, test } from 'vitest';
import type { DeviceUser, Facts } from '../../../src/model/facts.ts';
import { nameVolumes } from '../../../src/thinpool/volume-names.ts';

const user: DeviceUser = {
  dmName: 'docker-0:30-25-ca',
  kind: 'docker-container',
  name: 'web',
  image: 'nginx',
};

function nameOf(name: string, uuid?: string, pool = 'pool') {
  const device = {
    name,
    device: '253:3',
    suspended: false,
    live: true,
    ...(uuid === undefined ? {} : { uuid }),
  };
  return nameVolumes({ deviceUsers: [user] } as unknown as Facts)(device as never, pool);
}

const lvm = `LVM-${'a'.repeat(64)}`;

test.each([
  ['vg--a-lv', lvm, undefined, { kind: 'lvm', name: 'vg-a/lv' }],
  ['docker-0:30-25-ca', undefined, undefined, { kind: 'docker-container', name: 'web', image: 'nginx' }],
  ['docker-0:30-25-other', undefined, undefined, undefined],
  ['docker-0:30-25-base', undefined, undefined, { kind: 'docker-image', name: 'base' }],
  ['devpool-snap-17', undefined, 'devpool', { kind: 'containerd-snapshot', name: '17' }],
  ['devpool-snap-17', undefined, 'another', undefined],
  ['devpool-snap-x', undefined, 'devpool', undefined],
  ['thin1', undefined, undefined, undefined],
])('%s %s in %s', (name, uuid, pool, expected) => {
  expect(nameOf(name, uuid, pool)).toEqual(expected);
});
