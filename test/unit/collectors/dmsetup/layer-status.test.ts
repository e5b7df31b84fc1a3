import { describe, expect, it } from 'vitest';
import { parseLayerStatus } from '../../../../src/collectors/dmsetup/layer-status.ts';
import { parseDmLines } from '../../../../src/collectors/dmsetup/line.ts';

function layerOf(text: string) {
  const [line] = parseDmLines(text).records;
  return parseLayerStatus(line!, 'x').layer;
}

// The lines of vdo.rst, dm-raid.rst, cache.rst and dm-mpath.c.
describe('the state of a layer', () => {
  it.each([
    [
      '0 209715200 vdo /dev/dm-4 normal - online online 1000 4000',
      { readOnly: false, recovering: false, usedBytes: 4_096_000, sizeBytes: 16_384_000 },
    ],
    ['0 8 vdo 253:4 read-only - closed offline 1 2', { readOnly: true, recovering: false }],
    ['0 8 vdo 253:4 recovering recovering opening online 1 2', { readOnly: false, recovering: true }],
  ])('of VDO: %s', (text, layer) => {
    expect(layerOf(text)).toMatchObject({ target: 'vdo', ...layer });
  });

  it.each([
    [
      '0 1960893648 raid raid4 4 AAAA 2/490221568 init 0',
      { type: 'raid4', devices: 4, failedDevices: 0, syncedSectors: 2, sectors: 490_221_568, action: 'init' },
    ],
    [
      '0 100 raid raid1 2 AD 100/100 idle 0 0 -',
      { devices: 2, failedDevices: 1, syncedSectors: 100, sectors: 100, action: 'idle' },
    ],
    ['0 100 raid raid6_zr 5 AaA-D 50/100 recover 0', { devices: 5, failedDevices: 2, syncedSectors: 50 }],
    ['0 100 raid raid1 2 aa 0/100', { devices: 2, failedDevices: 0, syncedSectors: 0 }],
  ])('of RAID: %s', (text, layer) => {
    expect(layerOf(text)).toMatchObject({ target: 'raid', ...layer });
  });

  const cache =
    '0 41943040 cache 8 27/128 128 1/1024 0 50 0 6 0 1 0 1 writethrough 2 migration_threshold 2048 smq 0';
  it.each([
    [`${cache} rw - `, { failed: false, readOnly: false, needsCheck: false }],
    [`${cache} ro needs_check `, { failed: false, readOnly: true, needsCheck: true }],
    [cache, { failed: false }],
    ['0 41943040 cache Fail', { failed: true }],
    ['0 41943040 cache Error', { failed: true }],
  ])('of a cache: %s', (text, layer) => {
    expect(layerOf(text)).toEqual({ target: 'cache', ...layer });
  });

  it('of multipath: the paths with their states', () => {
    const text = '0 2097152 multipath 2 0 0 0 2 1 A 0 1 0 8:16 A 0 E 0 1 0 8:32 F 3 ';
    expect(layerOf(text)).toEqual({ target: 'multipath', paths: 2, failedPaths: 1 });
  });
});

it.each([
  '0 8 linear',
  '0 8 vdo 253:4 odd - online online 1 2',
  '0 8 vdo 253:4 normal - online online 3 2',
  '0 8 vdo 253:4 normal - online online 3',
  '0 8 raid raid1 2 A 8/8 idle 0',
  '0 8 raid raid1 2 AX 8/8 idle 0',
  '0 8 raid raid1 2 AA 8 idle 0',
  '0 8 raid raid1 2 AA 0/0 idle 0',
  '0 8 cache 8 27 128 1',
  '0 8 cache ',
  '0 8 multipath 2 0 0 0 0 0',
])('is refused where the line is another one: %s', (text) => {
  expect(() => layerOf(text)).toThrow('expected');
});
