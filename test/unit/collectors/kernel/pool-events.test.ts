import { describe, expect, it } from 'vitest';
import { readPoolEvents } from '../../../../src/collectors/kernel/pool-events.ts';
import { poolEvents } from '../../../../src/model/host.ts';

const logOf = (...messages: readonly string[]) =>
  `#monotonic 5000000\n${messages.map((message, at) => `4,${at},4000000,-;${message}\n`).join('')}`;
const thin = (message: string) => `device-mapper: thin: 253:2: ${message}`;

describe('readPoolEvents', () => {
  it.each([
    ['reached low water mark for data device: sending event.', 'low_water'],
    ['reached low water mark for metadata device: sending event.', 'low_water'],
    ['switching pool to out-of-data-space (queue IO) mode', 'mode'],
    ['switching pool to out-of-data-space (error IO) mode', 'mode'],
    ['switching pool to read-only mode', 'mode'],
    ['switching pool to write mode', 'mode'],
    ['switching pool to fail mode', 'mode'],
    ['growing the data device from 100 to 200 blocks', 'resize'],
    ['growing the metadata device from 100 to 200 blocks', 'resize'],
  ])('takes "%s" for %s', (message, event) => {
    expect(poolEvents).toContain(event);
    expect(readPoolEvents(logOf(thin(message)))).toEqual([{ event, device: '253:2' }]);
  });

  it('knows no pool where an old kernel names none', () => {
    const old = 'device-mapper: thin: reached low water mark, sending event.';
    const text = logOf(old, 'device-mapper: thin: switching pool to read-only mode');
    expect(readPoolEvents(text)).toEqual([{ event: 'low_water' }, { event: 'mode' }]);
  });

  it('keeps the order of several, among what others wrote', () => {
    const low = thin('reached low water mark for data device: sending event.');
    const full = thin('switching pool to out-of-data-space (queue IO) mode').replace('253:2', '253:5');
    expect(readPoolEvents(logOf('usb 1-1: new device', low, 'EXT4-fs: mounted', full, low))).toEqual([
      { event: 'low_water', device: '253:2' },
      { event: 'mode', device: '253:5' },
      { event: 'low_water', device: '253:2' },
    ]);
  });

  it('finds none in what a status itself makes the kernel say, or each would call for the next', () => {
    expect(readPoolEvents(logOf(thin('dm_pool_get_free_block_count returned -5')))).toEqual([]);
  });

  it('believes no program that writes like the kernel', () => {
    const forged = `#monotonic 5\n12,1,4,-;${thin('switching pool to read-only mode')}\n`;
    expect(readPoolEvents(forged)).toEqual([]);
  });

  it('finds none in an empty log', () => {
    expect(readPoolEvents('#monotonic 5000000\n')).toEqual([]);
  });
});
