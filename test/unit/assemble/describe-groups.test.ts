import { expect, test } from 'vitest';
import { describeGroups } from '../../../src/assemble/describe-groups.ts';
import { publicPoolName } from '../../../src/model/names.ts';
import { recipePool } from '../../support/host.ts';

const group = recipePool.volumeGroup!;
const uuids = ['ucZiHk21gyF0zMNqn0yzp1n7irabwYrR', 'YaYFvEFExoHTixd65cU0Le6z3AL02KSL'] as const;

test('VGs of one name are distinguished by the beginning of their UUIDs', () => {
  const twins = uuids.map((vgUuid) => ({ ...group, vgUuid }));
  const other = { ...group, vgName: 'other', vgUuid: 'x'.repeat(32) };
  expect(describeGroups([...twins, other], []).map(({ label }) => label)).toEqual([
    'docker@ucZiHk',
    'docker@YaYFvE',
    undefined,
  ]);
});

test('a VG with an LV of an unknown type says so', () => {
  const lv = { vgName: 'docker', lvName: 'new', role: 'other', unknownSegments: true } as const;
  expect(describeGroups([group], [lv])).toEqual([{ ...group, unknownSegments: true }]);
  expect(describeGroups([group], [{ ...lv, vgName: 'other' }])).toEqual([group]);
});

test('a VG whose UUID is not known keeps its name', () => {
  expect(describeGroups([group, group], [])).toEqual([group, group]);
});

test.each([
  ['vg-pool-tpool', 'vg-pool'],
  ['vg-tpool', 'vg-tpool'],
  ['vg-p--tpool', 'vg-p--tpool'],
  ['vg-p--tpool-tpool', 'vg-p--tpool'],
  ['vg-tpool-tpool', 'vg-tpool'],
  ['v--g-tpool', 'v--g-tpool'],
  ['vg-pool', 'vg-pool'],
])('the pool device %s is known as %s', (dmName, name) => {
  expect(publicPoolName(dmName, `LVM-${uuids[0]}${uuids[1]}-tpool`)).toBe(name);
  expect(publicPoolName(dmName, undefined)).toBe(dmName);
});
