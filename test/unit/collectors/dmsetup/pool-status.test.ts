import { describe, expect, it } from 'vitest';
import { parseDmLines } from '../../../../src/collectors/dmsetup/line.ts';
import { parsePoolStatus } from '../../../../src/collectors/dmsetup/pool-status.ts';
import { ParseError } from '../../../../src/collectors/shared/errors.ts';

function parse(text: string) {
  const [line] = parseDmLines(text).records;
  if (line === undefined) throw new Error('no line');
  return parsePoolStatus(line, 'p');
}

const counters = {
  transactionId: 65465,
  metadataUsedBlocks: 11492,
  metadataBlocks: 4161600,
  dataUsedBlocks: 581965,
  dataBlocks: 3276800,
};
const usage = '65465 11492/4161600 581965/3276800';

describe('parsePoolStatus', () => {
  const generations: readonly [string, string, object][] = [
    ['1.0', `${usage} -`, counters],
    ['1.3', `${usage} - rw discard_passdown`, { ...counters, mode: 'rw', discard: 'discard_passdown' }],
    [
      '1.8',
      `${usage} 77 ro ignore_discard`,
      { ...counters, heldMetadataRoot: 77, mode: 'ro', discard: 'ignore_discard' },
    ],
    [
      '1.10',
      `${usage} - out_of_data_space no_discard_passdown error_if_no_space `,
      { ...counters, mode: 'out_of_data_space', discard: 'no_discard_passdown', noSpace: 'error' },
    ],
    [
      '1.16',
      `${usage} - rw no_discard_passdown queue_if_no_space - `,
      { ...counters, mode: 'rw', discard: 'no_discard_passdown', noSpace: 'queue', needsCheck: false },
    ],
    [
      '1.20',
      `${usage} - ro discard_passdown queue_if_no_space needs_check 1024 `,
      {
        ...counters,
        mode: 'ro',
        discard: 'discard_passdown',
        noSpace: 'queue',
        needsCheck: true,
        metadataLowWaterBlocks: 1024,
      },
    ],
    [
      'a later one',
      `${usage} - rw discard_passdown queue_if_no_space - 1024 something new`,
      {
        ...counters,
        mode: 'rw',
        discard: 'discard_passdown',
        noSpace: 'queue',
        needsCheck: false,
        metadataLowWaterBlocks: 1024,
      },
    ],
  ];
  it.each(generations)('reads target version %s', (_, words, expected) => {
    expect(parse(`0 419430400 thin-pool ${words}`)).toEqual({
      name: 'p',
      lengthSectors: 419430400,
      state: 'readable',
      counters: expected,
    });
  });

  it.each([
    ['Fail', 'failed'],
    ['Fail ', 'failed'],
    ['Error', 'unreadable'],
    ['', 'unreadable'],
  ])('takes the word %j for %s', (words, state) => {
    expect(parse(`0 8 thin-pool ${words}`)).toEqual({ name: 'p', lengthSectors: 8, state });
  });

  it.each([
    ['used above total', '1 2/1 0/9 -'],
    ['a total of nothing', '1 0/0 0/9 -'],
    ['a missing held root', '1 0/1 0/9'],
    ['half a mode', `${usage} - r`],
    ['a policy cut short', `${usage} - rw discard_passdown queue_if_no_sp`],
    ['a mode that is no word of the kernel', `${usage} - constructor discard_passdown`],
    ['a negative number', '1 -2/4 0/9 -'],
    ['a number with an exponent', '1 1e3/4096 0/9 -'],
    ['a number beyond a double', '1 1/4096 0/9007199254740993 -'],
    ['Fail with more behind it', 'Fail 1'],
  ])('refuses %s', (_, words) => {
    expect(() => parse(`0 419430400 thin-pool ${words}`)).toThrow(ParseError);
  });

  it('refuses another target', () => {
    expect(() => parse('0 8 thin 8 7')).toThrow('a thin-pool target');
  });
});
