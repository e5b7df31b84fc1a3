import { describe, expect, it } from 'vitest';
import { walkStack } from '../../../../src/collectors/kernel/device-stack.ts';
import type { BlockDevice, DeviceNumber } from '../../../../src/model/facts.ts';

function device(number: DeviceNumber, name: string, ...slaves: string[]): BlockDevice {
  return { device: number, name, slaves };
}

describe('walkStack', () => {
  it('knows the tops alone at first', () => {
    expect(walkStack(['253:1', '253:0'], [])).toEqual([{ number: '253:1' }, { number: '253:0' }]);
  });

  it('goes one level down for each that becomes known, also from a partition to its disk', () => {
    const known: BlockDevice[] = [device('253:1', 'dm-1', 'sda1', 'sdb')];
    expect(walkStack(['253:1'], known)).toEqual([{ number: '253:1' }, { name: 'sda1' }, { name: 'sdb' }]);
    known.push({ ...device('8:1', 'sda1'), parent: 'sda' });
    expect(walkStack(['253:1'], known).at(-1)).toEqual({ name: 'sda' });
  });

  it('takes a device once, however it is reached', () => {
    const known = [
      device('253:2', 'dm-2', 'dm-1', 'dm-0'),
      device('253:1', 'dm-1', 'sda'),
      device('253:0', 'dm-0', 'sda'),
      device('8:0', 'sda'),
    ];
    expect(walkStack(['253:2', '253:1', '253:1'], known)).toEqual([
      { number: '253:2' },
      { number: '253:1' },
      { name: 'dm-0' },
      { name: 'sda' },
    ]);
  });

  it('ends in a circle, in depth, and in number', () => {
    expect(walkStack(['8:0'], [device('8:0', 'sda', 'sda')])).toHaveLength(1);
    const chain = Array.from({ length: 20 }, (_, at) => device(`253:${at}`, `dm-${at}`, `dm-${at + 1}`));
    expect(walkStack(['253:0'], chain)).toHaveLength(8);
    const wide = device('253:0', 'dm-0', ...Array.from({ length: 300 }, (_, at) => `sd${at}`));
    expect(walkStack(['253:0'], [wide])).toHaveLength(256);
  });
});
