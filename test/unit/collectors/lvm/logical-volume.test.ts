import { describe, expect, test } from 'vitest';
import { readLogicalVolumes } from '../../../../src/collectors/lvm/logical-volume.ts';
import { ParseError } from '../../../../src/collectors/shared/errors.ts';

const pool = {
  vg_name: 'vg',
  vg_uuid: 'SG2wzQ-fKKo-E3ss-gHj3-J0gz-5VRA-8OndUF',
  lv_name: 'pool',
  lv_uuid: 'dPo1uD-VIJz-fNBJ-pPUx-yjP2-AbYH-2FBHaa',
  lv_attr: 'twi-aotz--',
  lv_size: '52428800',
  lv_metadata_size: '4194304',
  chunk_size: '65536',
  data_percent: '12.50',
  metadata_percent: '10,94',
  lv_health_status: '',
  lv_check_needed: '',
  lv_when_full: 'queue',
  lv_profile: '',
  vg_profile: 'docker',
  pool_lv: '',
  origin: '',
  thin_count: '2',
  transaction_id: '3',
  kernel_discards: 'passdown',
  seg_monitor: 'monitored',
};
const inactive = {
  ...pool,
  lv_attr: 'twi---tz--',
  data_percent: '',
  metadata_percent: '',
  lv_check_needed: 'unknown',
  seg_monitor: '',
};

function read(row: Record<string, string>) {
  const [volume, ...more] = readLogicalVolumes([row]).records;
  expect(more).toEqual([]);
  return volume;
}

test('a pool in use', () => {
  expect(read(pool)).toEqual({
    vgName: 'vg',
    vgUuid: 'SG2wzQfKKoE3ssgHj3J0gz5VRA8OndUF',
    lvName: 'pool',
    lvUuid: 'dPo1uDVIJzfNBJpPUxyjP2AbYH2FBHaa',
    role: 'pool',
    sizeBytes: 52428800,
    metadataSizeBytes: 4194304,
    chunkSizeBytes: 65536,
    dataPercent: 12.5,
    metadataPercent: 10.94,
    checkNeeded: false,
    suspended: false,
    active: true,
    whenFull: 'queue',
    profile: 'docker',
    thinCount: 2,
    transactionId: 3,
    monitored: true,
  });
});

test('an inactive pool has no usage, rather than none in use', () => {
  const volume = read(inactive);
  for (const unknown of ['dataPercent', 'metadataPercent', 'checkNeeded', 'monitored', 'health'])
    expect(volume).not.toHaveProperty(unknown);
  expect(volume).toMatchObject({ sizeBytes: 52428800, thinCount: 2 });
});

test('a thin volume knows its pool and its origin, hidden or not', () => {
  const row = { ...pool, lv_name: 'thin', lv_attr: 'Vwi-aotz--', pool_lv: '[pool]', origin: 'image' };
  expect(read(row)).toMatchObject({ role: 'volume', lvName: 'thin', poolLv: 'pool', origin: 'image' });
});

test('parts of a pool are no pool, and their usage is not counted', () => {
  const data = { ...pool, lv_name: '[pool_tdata]', lv_attr: 'Twi-ao----', chunk_size: '0' };
  expect(read(data)).toMatchObject({ lvName: 'pool_tdata', role: 'other' });
  expect(read(data)).not.toHaveProperty('dataPercent');
  expect(read({ ...pool, lv_name: '[pool]' })).toMatchObject({ lvName: 'pool', role: 'other' });
});

test('a row for every segment is one LV', () => {
  const rows = [pool, { ...pool, lv_name: '[pool_tdata]', lv_uuid: `${pool.lv_uuid.slice(0, -1)}b` }];
  expect(readLogicalVolumes([...rows, ...rows]).records).toHaveLength(2);
});

test('a row that cannot be read costs itself only, and says what was odd', () => {
  const odd = { ...pool, lv_name: 'other', lv_uuid: '', lv_size: '1.00g' };
  const { records, unreadable } = readLogicalVolumes([odd, pool]);
  expect(records.map(({ lvName }) => lvName)).toEqual(['pool']);
  expect(unreadable).toEqual([expect.stringContaining('lv_size in bytes')]);
});

test('a volume of 8 PiB and more has the nearest size that a double holds', () => {
  const thin = { ...pool, lv_name: 'thin', lv_attr: 'Vwi-aotz--' };
  expect(read({ ...thin, lv_size: '9007199254740992' })?.sizeBytes).toBe(2 ** 53);
  expect(read({ ...thin, lv_size: '18446744073709551615' })?.sizeBytes).toBe(2 ** 64);
});

test('without UUIDs, names distinguish LVs', () => {
  const { lv_uuid: _, vg_uuid: __, ...named } = pool;
  const found = readLogicalVolumes([named, named, { ...named, vg_name: 'vg2' }]).records;
  expect(found.map(({ vgName }) => vgName)).toEqual(['vg', 'vg2']);
  expect(found[0]).not.toHaveProperty('lvUuid');
});

test('fields that were not requested are unknown', () => {
  const { vg_name, lv_name, lv_attr } = pool;
  expect(read({ vg_name, lv_name, lv_attr })).toEqual({
    vgName: 'vg',
    lvName: 'pool',
    role: 'pool',
    suspended: false,
    active: true,
  });
});

describe('is it active', () => {
  test.each([
    ['twi-aotz--', '12.50', true],
    ['twi---tz--', '', false],
    // The device that stands for the LV is gone, and its volumes hold the pool itself.
    ['twi---tz--', '12.50', true],
    ['twi-cotzM-', '12.50', true],
    ['twi-i-tz--', '', false],
    ['twi-d-tz--', '', false],
    ['twi-XXtzX-', '', undefined],
  ])('%s with data%% %j', (lv_attr, data_percent, active) => {
    expect(read({ ...pool, lv_attr, data_percent })?.active).toBe(active);
  });

  test('and is it meant to be', () => {
    expect(read({ ...pool, lv_attr: 'twi---tz-k' })?.skipsActivation).toBe(true);
    expect(read(pool)).not.toHaveProperty('skipsActivation');
    expect(read(pool)).not.toHaveProperty('autoactivated');
    const words = (lv: string, vg: string) =>
      read({ ...pool, lv_autoactivation: lv, vg_autoactivation: vg })?.autoactivated;
    expect([words('enabled', 'enabled'), words('1', '1')]).toEqual([true, true]);
    expect([words('', 'enabled'), words('enabled', ''), words('0', '1')]).toEqual([false, false, false]);
  });
});

test('when it was made, if LVM says it in seconds', () => {
  const at = (lv_time: string) => read({ ...pool, lv_time })?.createdAt;
  expect(at('1767322800')).toBe(1_767_322_800_000);
  expect(at('2026-01-02 03:04:05 +0200')).toBeUndefined();
  expect(at('')).toBeUndefined();
});

describe('binary fields are words or numbers', () => {
  test.each([
    ['check needed', true],
    ['1', true],
    ['', false],
    ['0', false],
    ['unknown', undefined],
    ['-1', undefined],
  ])('lv_check_needed %j', (word, checkNeeded) => {
    expect(read({ ...pool, lv_check_needed: word })?.checkNeeded).toBe(checkNeeded);
  });

  test('a failed pool has no flag, though LVM prints none set', () => {
    const failed = { ...pool, lv_attr: 'twi-aotzF-', data_percent: '', metadata_percent: '' };
    expect(read(failed)).not.toHaveProperty('checkNeeded');
  });

  test.each(['twi-cotz--', 'twi-Cotz--'])('%s needs a check', (lv_attr) => {
    expect(read({ ...pool, lv_attr, lv_check_needed: 'unknown' })?.checkNeeded).toBe(true);
  });
});

describe('health', () => {
  test.each([
    ['twi-aotzF-', 'failed', 'failed'],
    ['twi-aotzD-', 'out_of_data', 'out_of_data'],
    ['twi-cotzM-', 'metadata_read_only', 'metadata_read_only'],
    ['Vwi-aotzF-', '', 'failed'],
    ['twi-aotzD-', undefined, 'out_of_data'],
    ['twi-aotzX-', 'unknown', 'unknown'],
    ['twi-aotzp-', 'partial', 'partial'],
    ['twi-aotz--', '', undefined],
    ['rwi-aor-m-', 'mismatches exist', undefined],
    ['twi-aotz', undefined, undefined],
  ])('%s with %j', (lv_attr, status, health) => {
    const { lv_health_status: _, ...rest } = pool;
    const row = status === undefined ? { ...rest, lv_attr } : { ...rest, lv_attr, lv_health_status: status };
    expect(read(row)?.health).toBe(health);
  });
});

test.each([
  ['twi-sotz--', true],
  ['twi-Cotz--', true],
  ['twi---tz--', false],
  ['Vwi-XXtz--', undefined],
])('%s is suspended: %j', (lv_attr, suspended) => {
  expect(read({ ...pool, lv_attr })?.suspended).toBe(suspended);
});

test.each([
  ['monitored', true],
  ['not monitored', false],
  ['not enabled', false],
  ['pending', undefined],
  ['', undefined],
])('seg_monitor %j', (word, monitored) => {
  expect(read({ ...pool, seg_monitor: word })?.monitored).toBe(monitored);
});

test('a segment type of a newer LVM is known as such', () => {
  expect(read({ ...pool, lv_name: 'new', lv_attr: '-wi-a-u---' })).toMatchObject({ unknownSegments: true });
  expect(read(pool)).not.toHaveProperty('unknownSegments');
});

test('its own profile goes before the group’s', () => {
  expect(read({ ...pool, lv_profile: 'mine' })?.profile).toBe('mine');
});

test('percentages older releases did not know', () => {
  expect(read({ ...pool, data_percent: '-1.00' })).not.toHaveProperty('dataPercent');
  expect(read({ ...pool, data_percent: '100.00' })?.dataPercent).toBe(100);
});

test.each([
  ['vg_name', ''],
  ['lv_name', ''],
  ['lv_attr', ''],
  ['lv_attr', 'twi-'],
  ['lv_uuid', 'dPo1uD'],
  ['vg_uuid', `${pool.vg_uuid}x`],
  ['lv_size', '<95.00g'],
  ['lv_size', '-1'],
  ['data_percent', 'NaN'],
  ['data_percent', '101.00'],
  ['data_percent', '-7.00'],
  ['metadata_percent', '1e1'],
  ['thin_count', 'many'],
  ['lv_name', '[]'],
  ['lv_name', '[pool'],
  ['vg_name', 'v g'],
])('%s=%j is refused, and the row named', (field, value) => {
  expect(() => read({ ...pool, [field]: value })).toThrow(ParseError);
  expect(() => read({ ...pool, [field]: value })).toThrow(field);
});

test('the id of a thin volume in its pool', () => {
  const volume = { ...pool, lv_attr: 'Vwi---tz-k', pool_lv: 'pool', thin_count: '', transaction_id: '2' };
  expect(read({ ...volume, thin_id: '7' })?.deviceId).toBe(7);
  expect(read({ ...volume, thin_id: '' })).not.toHaveProperty('deviceId');
  expect(read(volume)).not.toHaveProperty('deviceId');
});
