import { expect, test } from 'vitest';
import { parseDmDependencies } from '../../../../src/collectors/dmsetup/deps.ts';
import { ParseError } from '../../../../src/collectors/shared/errors.ts';

test.each([
  ['vg-thin: 1 dependencies\t: (254, 2)\n', [{ name: 'vg-thin', devices: ['254:2'] }]],
  [
    'vg-outside: 2 dependencies\t: (254, 6) (254, 2)\n',
    [{ name: 'vg-outside', devices: ['254:6', '254:2'] }],
  ],
  ['error: 0 dependencies\t:\n', [{ name: 'error', devices: [] }]],
  ['a: 1 dependencies : 1 dependencies\t: (7, 0)\n', [{ name: 'a: 1 dependencies ', devices: ['7:0'] }]],
  ['No devices found\n', []],
  ['', []],
])('%j', (text, dependencies) => {
  expect(parseDmDependencies(text).records).toEqual(dependencies);
});

test.each([
  'vg-thin',
  'vg-thin: 2 dependencies\t: (254, 2)',
  '1 dependencies\t: (254, 2)',
  'x: 1 dependencies\t: (a, 2)',
])('%j is refused', (text) => {
  expect(() => parseDmDependencies(text)).toThrow(ParseError);
});
