import { describe, expect, it } from 'vitest';
import { parseDmLines } from '../../../../src/collectors/dmsetup/line.ts';
import { ParseError } from '../../../../src/collectors/shared/errors.ts';

describe('parseDmLines', () => {
  it.each([
    ['docker-253:2-812-pool', 'docker-253:2-812-pool: 0 8 thin-pool 1'],
    ['a:b: 0 1 thin-pool', 'a:b: 0 1 thin-pool: 0 8 linear 8:0 0'],
    ['with space', 'with space: 0 8 linear 8:0 0'],
    ['with\\x20space', 'with\\x20space: 0 8 linear 8:0 0'],
    ['a--b-c', 'a--b-c: 0 8 linear 8:0 0'],
    ['12', '12: 0 8 linear'],
  ])('finds the name %j', (name, line) => {
    expect(parseDmLines(`${line}\n`).records).toMatchObject([{ name, startSectors: 0, lengthSectors: 8 }]);
  });

  it('accepts a line without a name, and trailing spaces', () => {
    const [line] = parseDmLines('0 8 thin 16 15 \n').records;
    expect(line).toEqual({
      startSectors: 0,
      lengthSectors: 8,
      targetType: 'thin',
      words: ['16', '15'],
      text: '0 8 thin 16 15 ',
    });
  });

  it('keeps every segment of a device', () => {
    expect(parseDmLines('v: 0 8 linear 8:0 0\nv: 8 16 linear 8:16 0\n').records).toHaveLength(2);
  });

  it('skips a device without a table, and a host without devices', () => {
    expect(parseDmLines('empty: \nv: 0 8 linear 8:0 0\n').records).toMatchObject([{ name: 'v' }]);
    expect(parseDmLines('No devices found\n').records).toEqual([]);
    expect(parseDmLines('').records).toEqual([]);
  });

  it.each(['hello', 'v 0 8 linear', '0 8', '0 x linear'])('refuses %j, and says the line', (text) => {
    expect(() => parseDmLines(text)).toThrow(ParseError);
    expect(() => parseDmLines(text)).toThrow(JSON.stringify(text));
  });
});
