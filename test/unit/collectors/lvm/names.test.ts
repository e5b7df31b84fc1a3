import { expect, it } from 'vitest';
import { namesOf } from '../../../../src/collectors/lvm/names.ts';

it('names groups, volumes, profiles, origins and chosen devices', () => {
  const names = namesOf({
    logicalVolumes: [
      { vgName: 'shop', lvName: 'snap', role: 'volume', poolLv: 'pool', origin: 'orders', profile: 'eager' },
    ],
    volumeGroups: [
      {
        vgName: 'shop',
        sizeBytes: 1,
        freeBytes: 0,
        extentBytes: 1,
        pvNames: ['/dev/sda2', '/dev/mapper/safe'],
      },
    ],
  });
  expect(names).toEqual(
    expect.arrayContaining(['shop', 'snap', 'pool', 'pool_tmeta', 'orders', 'eager', '/dev/mapper/safe']),
  );
  expect(names).not.toContain('/dev/sda2');
});

it('names nothing where nothing was read', () => {
  expect(namesOf({})).toEqual([]);
});
