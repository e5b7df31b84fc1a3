import { expect, test } from 'vitest';
import { mapLayouts } from '../../../src/assemble/layout.ts';
import { parseDmInfo } from '../../../src/collectors/dmsetup/info.ts';
import { parseDmTables } from '../../../src/collectors/dmsetup/table.ts';

/** The layout of device 253:9, whose table is the first. */
function layoutOf(...tables: readonly string[]) {
  const names = ['p_tdata', 'below', 'deeper'];
  const info = names.map((name, at) => `253|${9 + at}|L--w|1|0||${name}\n`).join('');
  const table = tables
    .map((one, at) =>
      one
        .split('; ')
        .map((line) => `${names[at]}: ${line}\n`)
        .join(''),
    )
    .join('');
  return mapLayouts({ devices: parseDmInfo(info).records, tables: parseDmTables(table).records })('253:9');
}

const linear = { areas: 1, dataAreas: 1 };
const mirrored = { areas: 2, dataAreas: 1 };
const raid1 = '0 8 raid raid1 3 0 region_size 4096 2 - 253:10 - 253:11';

test.each<[string, readonly string[], object | undefined]>([
  ['a linear LV', ['0 8 linear 8:0 0'], linear],
  ['a striped LV', ['0 8 striped 2 128 8:0 0 8:16 0'], { areas: 2, dataAreas: 2 }],
  ['RAID1', [raid1, '0 8 linear 8:0 0', '0 8 linear 8:16 0'], mirrored],
  [
    'several segments, by the last',
    ['8 8 striped 2 128 8:0 0 8:16 0; 0 8 linear 8:0 0'],
    { areas: 2, dataAreas: 2 },
  ],
  [
    'a cache, by what is cached',
    ['0 8 cache 253:11 253:11 253:10 128', raid1.replace('253:10', '253:12')],
    mirrored,
  ],
  ['an LV on a VDO pool', ['0 8 linear 253:10 0', '0 8 vdo V4 8:0 1'], undefined],
  ['RAID1 with integrity', [raid1, '0 8 integrity 8:0 0 - J 1', '0 8 linear 8:16 0'], undefined],
  ['a target that is not known', ['0 8 crypt aes 0 8:0 0'], undefined],
  ['a missing device', ['0 8 error'], undefined],
  ['no table', [], undefined],
  ['a cache of itself', ['0 8 cache 253:11 253:11 253:9 128'], undefined],
])('%s', (_, tables, layout) => {
  expect(layoutOf(...tables)).toEqual(layout);
});
