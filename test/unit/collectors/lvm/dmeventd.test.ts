import { expect, test } from 'vitest';
import { dmeventd } from '../../../../src/collectors/lvm/dmeventd.ts';
import { ParseError } from '../../../../src/collectors/shared/errors.ts';
import { emptyHost } from '../../../support/host.ts';

const [query] = dmeventd.queries(emptyHost, { segMonitor: 'auto' });
const read = (stdout: string) =>
  query?.variants[0].parse({ stdout, stderr: '', exitCode: 0, takenAt: 0 }, undefined).daemons;

test('it is found by its pid file, without querying LVM', () => {
  expect(query?.variants.map(({ input }) => input)).toEqual([{ process: '/run/dmeventd.pid' }]);
});

test.each([
  ['', false, false],
  ['1822 (dmeventd) S 1 1822', true, false],
  ['1822 (dmeventd) R 1 1822', true, false],
  ['1822 (dmeventd) T 1 1822', true, true],
  ['1822 (dmeventd) t 1 1822', true, true],
  ['1822 (dmeventd) D 1 1822', true, true],
  ['1822 (dmeventd) Z 1 1822', false, false],
  ['1822 (bash) T 1 1822', false, false],
])('%j', (stat, running, frozen) => {
  expect(read(stat)).toEqual([{ name: 'dmeventd', running, frozen }]);
});

test('junk is refused', () => {
  expect(() => read('dmeventd')).toThrow(ParseError);
});
