import { describe, expect, test } from 'vitest';
import { parseDmTables } from '../../../../src/collectors/dmsetup/table.ts';

const targetOf = (params: string) => parseDmTables(`vg-p_tdata: 0 8192 ${params}\n`).records[0]?.target;

describe('what an extension takes', () => {
  test.each([
    ['striped 3 128 8:0 0 8:16 0 8:32 0', 3, 3],
    ['mirror core 2 1024 nosync 2 253:1 0 253:2 0 1 handle_errors', 2, 1],
    ['mirror disk 3 253:0 1024 nosync 3 253:1 0 253:2 0 253:3 0', 3, 1],
    ['raid raid0 3 128 stripe_cache 4 2 - 253:1 - 253:3', 2, 2],
    ['raid raid1 3 0 region_size 4096 2 253:0 253:1 253:2 253:3', 2, 1],
    ['raid raid1 3 0 region_size 4096 3 253:0 253:1 - - 253:4 253:5', 3, 1],
    ['raid raid4 3 128 region_size 4096 3 253:0 253:1 253:2 253:3 253:4 253:5', 3, 2],
    ['raid raid5_ls 3 128 region_size 4096 3 253:0 253:1 253:2 253:3 253:4 253:5', 3, 2],
    [`raid raid6_zr 3 128 region_size 4096 5 ${'253:0 253:1 '.repeat(5).trim()}`, 5, 3],
    [`raid raid10 3 128 region_size 4096 4 ${'253:0 253:1 '.repeat(4).trim()}`, 4, 2],
    [`raid raid10 5 128 region_size 4096 raid10_copies 3 6 ${'253:0 253:1 '.repeat(6).trim()}`, 6, 2],
  ])('of %s', (params, areas, dataAreas) => {
    expect(targetOf(params)).toMatchObject({ layout: { areas, dataAreas } });
  });

  test.each([
    'linear 8:0 2048',
    'raid raid7 1 128 2 - 253:1 - 253:3',
    'raid raid5_ls',
    'striped',
    'vdo V4 x 1',
  ])('is not said by %s', (params) => {
    expect(targetOf(params)).not.toHaveProperty('layout');
  });
});

test.each([
  ['cache 253:1 253:2 253:3 128 2 metadata2 writethrough mq 0', '253:3'],
  ['writecache s 253:3 253:2 4096 0', '253:3'],
  ['linear 8:0 2048', undefined],
])('%s has the origin %s', (params, origin) => {
  expect(targetOf(params)).toMatchObject({ kind: 'other', ...(origin && { origin }) });
});
