import { describe, expect, it } from 'vitest';
import { parseDmDependencies } from '../../../../src/collectors/dmsetup/deps.ts';
import { parseDmInfo } from '../../../../src/collectors/dmsetup/info.ts';
import { parseDmLines } from '../../../../src/collectors/dmsetup/line.ts';
import { parseDmTables } from '../../../../src/collectors/dmsetup/table.ts';
import { parseVolumeStatus } from '../../../../src/collectors/dmsetup/volume-status.ts';
import { ParseError } from '../../../../src/collectors/shared/errors.ts';

describe('parseDmInfo', () => {
  it('reads a row, a missing UUID and a suspended device', () => {
    expect(parseDmInfo('253|2|L--w|1|3|LVM-abc-tpool|vg-pool-tpool\n253|0|L-sw|0|0||raw\n').records).toEqual([
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
    expect(parseDmInfo('253|0|L--w|0|0||odd|name\n').records).toMatchObject([{ name: 'odd|name' }]);
  });

  it('knows a host without devices', () => expect(parseDmInfo('No devices found\n').records).toEqual([]));

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
    expect(parseDmTables(`p: 0 8192 thin-pool 253:0 253:1 128 32768 ${words} \n`).records).toMatchObject([
      { name: 'p', lengthSectors: 8192, target: { ...pool, features } },
    ]);
  });

  it('reads volumes, with and without an external origin, and one of a failed pool', () => {
    expect(
      parseDmTables('a: 0 8 thin 253:2 1\nb: 0 8 thin 253:2 2 253:9\nc: 0 8 thin Fail\n').records.map(
        ({ target }) => target,
      ),
    ).toEqual([
      { kind: 'volume', unreadable: false, poolDevice: '253:2', deviceId: 1 },
      { kind: 'volume', unreadable: false, poolDevice: '253:2', deviceId: 2, externalOrigin: '253:9' },
      { kind: 'volume', unreadable: true },
    ]);
  });

  it('finds the devices under any other target', () => {
    expect(parseDmTables('l: 0 8 linear 8:16 2048\n').records[0]?.target).toEqual({
      kind: 'other',
      devices: ['8:16'],
    });
    expect(parseDmTables('s: 0 8 striped 2 128 8:0 0 8:16 0\n').records[0]?.target).toEqual({
      kind: 'other',
      devices: ['8:0', '8:16'],
      layout: { areas: 2, dataAreas: 2 },
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

describe('a name that holds line feeds', () => {
  const table = 'a: 0 8 linear 8:0 0\nodd\nb: 0 8 linear 8:16 0\nc: 0 8 linear 8:32 0\n';

  it.each(['odd', 'odd\n', '\nodd', 'o\nd\nd'])('%j costs that device only', (odd) => {
    const info = `253|0|L--w|0|0||a\n253|1|L--w|0|0||${odd}\n253|2|L--w|0|0||c\n`;
    const isCut = odd.includes('\n');
    const devices = parseDmInfo(info);
    expect(devices.records.map(({ name }) => name)).toEqual(isCut ? ['a', 'c'] : ['a', 'odd', 'c']);
    expect(devices.unreadable).toHaveLength(isCut ? 1 : 0);
    const tables = parseDmTables(table.replace('odd\nb', isCut ? odd : 'b'));
    expect(tables.records.map(({ name }) => name)).not.toContain('odd');
  });

  it('is not taken for another device', () => {
    const tables = parseDmTables(table);
    expect(tables.records.map(({ name }) => name)).toEqual(['a', 'c']);
    expect(tables.unreadable).toEqual([expect.stringContaining('odd\\nb: 0 8 linear')]);
    const deps = parseDmDependencies('a: 1 dependencies\t: (8, 0)\nodd\nb: 1 dependencies\t: (8, 16)\n');
    expect(deps.records.map(({ name }) => name)).toEqual(['a']);
    expect(deps.unreadable).toHaveLength(1);
  });
});

it('a table that cannot be read costs its device only', () => {
  const { records, unreadable } = parseDmTables(
    'p: 0 8192 thin-pool 253:0 253:1 100 0 0\nv: 0 8 thin 253:2 1\n',
  );
  expect(records.map(({ name }) => name)).toEqual(['v']);
  expect(unreadable).toEqual([expect.stringContaining('a multiple of 128 sectors')]);
});

describe('parseVolumeStatus', () => {
  const parse = (text: string) => parseDmLines(text).records.map((line) => parseVolumeStatus(line, 'v'));

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
