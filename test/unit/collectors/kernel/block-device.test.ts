import { describe, expect, it } from 'vitest';
import { parseBlockDevices } from '../../../../src/collectors/kernel/block-device.ts';

function parse(contents: Readonly<Record<string, string>>) {
  return parseBlockDevices(new Map(Object.entries(contents)));
}

describe('parseBlockDevices', () => {
  it('reads a dm device by its number', () => {
    const folder = '/sys/dev/block/253:1';
    expect(
      parse({
        [folder]: '../../devices/virtual/block/dm-1',
        [`${folder}/dev`]: '253:1',
        [`${folder}/size`]: '2048',
        [`${folder}/slaves`]: 'sda1\nsdb',
        [`${folder}/dm/name`]: 'vg-pool_tdata',
      }),
    ).toEqual([
      {
        device: '253:1',
        name: 'dm-1',
        sizeBytes: 1_048_576,
        slaves: ['sda1', 'sdb'],
        dmName: 'vg-pool_tdata',
      },
    ]);
  });

  it('finds the disk of a partition', () => {
    const folder = '/sys/class/block/sda1';
    const contents = {
      [folder]: '../../devices/pci0000:00/0000:00:05.0/ata1/host0/target0:0:0/0:0:0:0/block/sda/sda1',
      [`${folder}/dev`]: '8:1',
      [`${folder}/partition`]: '1',
    };
    expect(parse(contents)).toEqual([{ device: '8:1', name: 'sda1', slaves: [], parent: 'sda' }]);
  });

  it('finds the file of a loop device, and no file of an idle one', () => {
    const folder = '/sys/class/block/loop0';
    const contents = { [folder]: '../../devices/virtual/block/loop0', [`${folder}/dev`]: '7:0' };
    expect(parse({ ...contents, [`${folder}/loop/backing_file`]: '/a b/data (deleted)' })).toEqual([
      { device: '7:0', name: 'loop0', slaves: [], backingFile: '/a b/data (deleted)' },
    ]);
    expect(parse({ ...contents, [`${folder}/loop/backing_file`]: '' })[0]).not.toHaveProperty('backingFile');
  });

  it('returns a device once that was read by number and by name', () => {
    const target = '../../devices/virtual/block/dm-1';
    const contents = {
      '/sys/dev/block/253:1': target,
      '/sys/dev/block/253:1/dev': '253:1',
      '/sys/class/block/dm-1': target,
      '/sys/class/block/dm-1/dev': '253:1',
    };
    expect(parse(contents)).toHaveLength(1);
  });

  it('leaves out what went away', () => {
    expect(parse({})).toEqual([]);
    expect(parse({ '/sys/class/block/sda': '../../devices/x/block/sda' })).toEqual([]);
  });

  it.each([
    ['dev', '8', 'a device number major:minor'],
    ['dev', '8:x', 'a device number major:minor'],
    ['size', '-1', 'a size in sectors as a whole number'],
    ['size', '', 'a size in sectors as a whole number'],
  ])('refuses %s %j', (attribute, text, expected) => {
    const folder = '/sys/class/block/sda';
    const contents = { [folder]: '../../devices/x/block/sda', [`${folder}/dev`]: '8:0' };
    expect(() => parse({ ...contents, [`${folder}/${attribute}`]: text })).toThrow(expected);
  });
});
