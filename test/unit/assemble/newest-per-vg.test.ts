import { expect, test } from 'vitest';
import type { CachedFacts } from '../../../src/assemble/cached-facts.ts';
import { newestPerVg } from '../../../src/assemble/newest-per-vg.ts';
import type { LogicalVolume, VolumeGroup } from '../../../src/model/facts.ts';

const volume = (vgName: string, lvName: string, vgUuid = `id-${vgName}`): LogicalVolume => ({
  vgName,
  vgUuid,
  lvName,
  role: 'other',
});
const group = (vgName: string, freeBytes: number): VolumeGroup => ({
  vgName,
  sizeBytes: 9,
  freeBytes,
  extentBytes: 1,
  pvNames: [],
});
const answer = (takenAt: number, facts: CachedFacts['facts']): CachedFacts => ({
  ...{ collector: 'lvm', key: `${takenAt}`, facts, takenAt },
  ...{ expiresAt: Number.POSITIVE_INFINITY, discovers: false },
});
const namesOf = (answers: readonly CachedFacts[]) =>
  newestPerVg(answers).map(({ logicalVolumes }) =>
    logicalVolumes?.map(({ vgName, lvName }) => `${vgName}/${lvName}`),
  );

test('a VG is as its newest output shows, with nothing of the older ones; other VGs stay', () => {
  const whole = answer(1, { logicalVolumes: [volume('a', 'gone'), volume('b', 'kept')] });
  const alone = answer(2, { logicalVolumes: [volume('a', 'new')] });
  expect(namesOf([whole, alone])).toEqual([['b/kept'], ['a/new']]);
  expect(namesOf([alone, whole])).toEqual([['a/new'], ['b/kept']]);
});

test('a renamed VG is one VG', () => {
  const whole = answer(1, { logicalVolumes: [volume('old', 'pool', 'id')] });
  const alone = answer(2, { logicalVolumes: [volume('new', 'pool', 'id')] });
  expect(namesOf([whole, alone])).toEqual([[], ['new/pool']]);
});

test('volumes and groups are distinguished, and what is not LVM’s passes', () => {
  const daemons = [{ name: 'dmeventd', running: true, frozen: false }];
  const groups = answer(3, { volumeGroups: [group('a', 3)], daemons });
  const older = answer(2, { volumeGroups: [group('a', 2), group('b', 2)] });
  const volumes = answer(1, { logicalVolumes: [volume('a', 'pool')] });
  expect(newestPerVg([older, groups, volumes])).toEqual([
    { volumeGroups: [group('b', 2)] },
    { volumeGroups: [group('a', 3)], daemons },
    { logicalVolumes: [volume('a', 'pool')] },
  ]);
});
