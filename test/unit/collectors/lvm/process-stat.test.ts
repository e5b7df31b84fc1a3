import { expect, test } from 'vitest';
import { parseProcessStat } from '../../../../src/collectors/lvm/process-stat.ts';
import { ParseError } from '../../../../src/collectors/shared/errors.ts';

test.each([
  ['1822 (dmeventd) S 1 1822 1822 0', { command: 'dmeventd', state: 'S' }],
  ['7 (a) b) (c) t 1 7', { command: 'a) b) (c', state: 't' }],
])('%s', (text, stat) => {
  expect(parseProcessStat(text)).toEqual(stat);
});

test.each(['', '1822', '1822 (dmeventd)', 'x (dmeventd) S 1', '1822 dmeventd S 1'])(
  '%j is refused',
  (text) => {
    expect(() => parseProcessStat(text)).toThrow(ParseError);
  },
);
