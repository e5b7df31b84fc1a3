import { describe, expect, test } from 'vitest';
import { readVolumeGroups } from '../../../../src/collectors/lvm/volume-group.ts';
import { ParseError } from '../../../../src/collectors/shared/errors.ts';

const row = {
  vg_name: 'vg',
  vg_uuid: 'SG2wzQ-fKKo-E3ss-gHj3-J0gz-5VRA-8OndUF',
  vg_attr: 'wz--n-',
  vg_size: '208666624',
  vg_free: '147849216',
  vg_extent_size: '1048576',
  vg_free_count: '141',
  pv_count: '2',
  vg_missing_pv_count: '0',
  pv_name: '/dev/sda2',
};
const { vg_missing_pv_count: _, ...older } = row;

test('a row for every PV is one VG', () => {
  expect(readVolumeGroups([row, { ...row, pv_name: '/dev/mapper/mpatha' }]).records).toEqual([
    {
      vgName: 'vg',
      vgUuid: 'SG2wzQfKKoE3ssgHj3J0gz5VRA8OndUF',
      sizeBytes: 208666624,
      freeBytes: 147849216,
      extentBytes: 1048576,
      pvCount: 2,
      missingPvCount: 0,
      pvNames: ['/dev/sda2', '/dev/mapper/mpatha'],
    },
  ]);
});

test('clones of one name are two VGs', () => {
  const clone = { ...row, vg_uuid: 'XG2wzQ-fKKo-E3ss-gHj3-J0gz-5VRA-8OndUF' };
  expect(readVolumeGroups([row, clone]).records).toHaveLength(2);
});

test('a missing PV has no device to name', () => {
  const rows = [row, { ...row, pv_name: '[unknown]' }, { ...row, pv_name: 'unknown device' }];
  const [group] = readVolumeGroups(rows.map((each) => ({ ...each, vg_missing_pv_count: '2' }))).records;
  expect(group).toMatchObject({ pvNames: ['/dev/sda2'], missingPvCount: 2 });
});

test('older releases show in the attributes whether a PV is missing, and in the rows how many', () => {
  const partial = { ...older, vg_attr: 'wz-pn-' };
  expect(readVolumeGroups([older]).records[0]?.missingPvCount).toBe(0);
  expect(readVolumeGroups([partial, { ...partial, pv_name: '[unknown]' }]).records[0]?.missingPvCount).toBe(
    1,
  );
  expect(readVolumeGroups([partial]).records[0]).not.toHaveProperty('missingPvCount');
});

describe('of its PVs', () => {
  const pv = { ...row, pv_attr: 'a--', pv_free: '4194304' };
  const pvsOf = (...rows: Record<string, string>[]) => readVolumeGroups(rows).records[0]?.pvs;

  test('it is known what each has, and whether LVM may take it', () => {
    const closed = { ...pv, pv_name: '/dev/sdb', pv_attr: 'u--' };
    const exited = { ...pv, pv_name: '[unknown]', pv_attr: 'a-m' };
    expect(pvsOf(pv, closed, exited)).toEqual([
      { name: '/dev/sda2', freeBytes: 4194304, allocatable: true, missing: false },
      { name: '/dev/sdb', freeBytes: 4194304, allocatable: false, missing: false },
      { name: '[unknown]', freeBytes: 4194304, allocatable: true, missing: true },
    ]);
  });

  test('nothing is known if LVM was not queried, or did not report it for one', () => {
    expect(pvsOf(row)).toBeUndefined();
    expect(pvsOf(pv, { ...pv, pv_attr: '' })).toBeUndefined();
    expect(pvsOf(pv, { ...pv, pv_free: '' })).toBeUndefined();
  });
});

test.each([
  ['rz--n-', { readOnly: true }],
  ['wzx-n-', { exported: true }],
  ['wz-pn-', { partial: true }],
  ['wz--n-', {}],
])('vg_attr %s', (vg_attr, state) => {
  const { readOnly, exported, partial } = readVolumeGroups([{ ...row, vg_attr }]).records[0]!;
  expect({ readOnly, exported, partial }).toEqual({
    ...{ readOnly: undefined, exported: undefined, partial: undefined },
    ...state,
  });
});

test('a VG that cannot be read costs itself only', () => {
  const odd = { ...row, vg_uuid: 'XG2wzQ-fKKo-E3ss-gHj3-J0gz-5VRA-8OndUF', vg_extent_size: '' };
  const { records, unreadable } = readVolumeGroups([odd, row]);
  expect(records).toHaveLength(1);
  expect(unreadable).toEqual([expect.stringContaining('vg_extent_size')]);
});

test.each([
  ['vg_name', ''],
  ['vg_size', '1.50g'],
  ['vg_free', ''],
  ['vg_free', '208666625'],
  ['vg_extent_size', '0'],
  ['vg_uuid', 'x'],
])('%s=%j is refused', (field, value) => {
  expect(() => readVolumeGroups([{ ...row, [field]: value }])).toThrow(ParseError);
});
