import { describe, expect, it } from 'vitest';
import { parseDmInfo } from '../../../../src/collectors/dmsetup/info.ts';
import { parseDmLines } from '../../../../src/collectors/dmsetup/line.ts';
import { parseDmTables } from '../../../../src/collectors/dmsetup/table.ts';
import { parseVolumeStatus } from '../../../../src/collectors/dmsetup/volume-status.ts';
import { ParseError } from '../../../../src/collectors/shared/errors.ts';

describe('parseDmInfo', () => {
  it('reads a row, a missing UUID and a suspended device', () => {
    expect(parseDmInfo('253|2|L--w|1|3|LVM-abc-tpool|vg-pool-tpool\n253|0|L-sw|0|0||raw\n')).toEqual([
      {
        name: 'vg-pool-tpool',
        uuid: 'LVM-abc-tpool',
        device: '253:2',
        live: true,
        suspended: false,
        openCount: 1,
        eventNumber: 3,
      },
      { name: 'raw', device: '253:0', live: true, suspended: true, openCount: 0, eventNumber: 0 },
    ]);
  });

  it('keeps a separator in a name', () => {
    expect(parseDmInfo('253|0|L--w|0|0||odd|name\n')).toMatchObject([{ name: 'odd|name' }]);
  });

  it('knows a host without devices', () => expect(parseDmInfo('No devices found\n')).toEqual([]));

  it.each(['253|0|L--w|0', 'x|0|L--w|0|0||n', '253|0|????|0|0||n', '253|0|L--w|0|0||'])(
    'refuses %j',
    (row) => {
      expect(() => parseDmInfo(row)).toThrow(ParseError);
    },
  );
});

describe('parseDmTables', () => {
  const pool = {
    kind: 'pool',
    metadataDevice: '253:0',
    dataDevice: '253:1',
    blockSectors: 128,
    lowWaterBlocks: 32768,
  };

  it.each([
    ['0', []],
    ['1 skip_block_zeroing', ['skip_block_zeroing']],
    ['2 ignore_discard error_if_no_space', ['ignore_discard', 'error_if_no_space']],
  ])('reads a pool with features %j', (words, features) => {
    expect(parseDmTables(`p: 0 8192 thin-pool 253:0 253:1 128 32768 ${words} \n`)).toMatchObject([
      { name: 'p', lengthSectors: 8192, target: { ...pool, features } },
    ]);
  });

  it('reads volumes, with and without an external origin, and one of a failed pool', () => {
    expect(
      parseDmTables('a: 0 8 thin 253:2 1\nb: 0 8 thin 253:2 2 253:9\nc: 0 8 thin Fail\n').map(
        ({ target }) => target,
      ),
    ).toEqual([
      { kind: 'volume', unreadable: false, poolDevice: '253:2', deviceId: 1 },
      { kind: 'volume', unreadable: false, poolDevice: '253:2', deviceId: 2, externalOrigin: '253:9' },
      { kind: 'volume', unreadable: true },
    ]);
  });

  it('finds the devices under any other target', () => {
    expect(parseDmTables('l: 0 8 linear 8:16 2048\n')[0]?.target).toEqual({
      kind: 'other',
      devices: ['8:16'],
    });
    expect(parseDmTables('s: 0 8 striped 2 128 8:0 0 8:16 0\n')[0]?.target).toEqual({
      kind: 'other',
      devices: ['8:0', '8:16'],
    });
  });

  it.each([
    'p: 0 8192 thin-pool 253:0 253:1 100 0 0',
    'p: 0 8192 thin-pool 253:0 253:1 0 0 0',
    'p: 0 8192 thin-pool 253:0 sdb 128 0 0',
    'p: 0 8192 thin-pool 253:0 253:1 128 0 2 skip_block_zeroing',
    'v: 0 8 thin 253:2',
    '0 8 thin 253:2 1',
  ])('refuses %j', (line) => {
    expect(() => parseDmTables(line)).toThrow(ParseError);
  });
});

describe('parseVolumeStatus', () => {
  const parse = (text: string) => parseDmLines(text).map((line) => parseVolumeStatus(line, 'v'));

  it.each([
    ['236288 20971519', { state: 'readable', mappedSectors: 236288, highestMappedSector: 20971519 }],
    ['0 -', { state: 'readable', mappedSectors: 0 }],
    ['Fail', { state: 'failed' }],
    ['Error', { state: 'unreadable' }],
    ['-', { state: 'unbound' }],
    ['', { state: 'unreadable' }],
  ])('reads %j', (words, expected) => {
    expect(parse(`0 20971520 thin ${words}`)).toEqual([{ name: 'v', lengthSectors: 20971520, ...expected }]);
  });

  it.each(['0 8 thin x -', '0 8 thin 8 x', '0 8 thin 8', '0 8 linear 8 7'])('refuses %j', (line) => {
    expect(() => parse(line)).toThrow(ParseError);
  });
});
