import { expect, it } from 'vitest';
import { parseThinLs, thinLsVariants } from '../../../src/measure/thin-ls.ts';

it('reads the columns of either generation of the tools', () => {
  const volumes = [
    { deviceId: 1, mappedBlocks: 3200, exclusiveBlocks: 1600 },
    { deviceId: 12, mappedBlocks: 1600, exclusiveBlocks: 0 },
  ];
  expect(parseThinLs('  1  3200  1600  1600 \n 12  1600  0  1600 \n')).toEqual(volumes);
  expect(parseThinLs('1 3200 1600 1600\n12 1600 0 1600\n')).toEqual(volumes);
  expect(parseThinLs('')).toEqual([]);
});

it.each([
  ['half a line', '1 3200 1600 1600\n12 16', 'line feed'],
  ['a header', 'DEV MAPPED_BLOCKS EXCLUSIVE_BLOCKS SHARED_BLOCKS\n', 'device id'],
  ['a unit', '1 12GiB 0 12GiB\n', 'mapped blocks'],
  ['columns that do not add up', '1 3200 1600 1599\n', 'add up'],
  ['a fifth column', '1 3200 1600 1600 7\n', 'four numbers'],
])('refuses %s', (_, output, message) => {
  expect(() => parseThinLs(output)).toThrow(message);
});

it('reads the metadata snapshot only, after everything else', () => {
  for (const command of thinLsVariants('/dev/dm-3')) {
    expect(command.slice(-6, -3)).toEqual(['thin_ls', '-m', '--no-headers']);
    expect(command.at(-1)).toBe('/dev/dm-3');
    expect(command).toContain('nice');
  }
  expect(thinLsVariants('/dev/dm-3')[0]?.slice(0, 4)).toEqual(['ionice', '-t', '-c', '3']);
});
