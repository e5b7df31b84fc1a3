import { expect, it } from 'vitest';
import { shipped } from './shipped.ts';
import { substitute } from './substitute.ts';

const many = shipped('thinpool-fleet');
const one = shipped('thinpool-pool');
const expr = 'x{instance=~"$instance",pool=~"${pool}|"}';

it('replaces all by what matches everything', () => {
  expect(substitute(expr, many, { instance: 'all', pool: 'all' })).toBe('x{instance=~".+",pool=~".+|"}');
});

it('escapes values of a list for the regular expression, and for the string around it', () => {
  expect(substitute(expr, many, { instance: ['a.b:10058'], pool: ['a+b', 'c'] })).toBe(
    'x{instance=~"a\\\\.b:10058",pool=~"(a\\\\+b|c)|"}',
  );
});

it('leaves a single value as it is', () => {
  expect(substitute('x{pool="$pool"}', one, { pool: ['a+b.c"d'] })).toBe('x{pool="a+b.c\\"d"}');
});

it('knows the intervals, and rejects undefined names', () => {
  expect(substitute('rate(x[$__rate_interval])', many, {})).toBe('rate(x[2m])');
  expect(() => substitute('x{a="$nobody"}', many, { nobody: ['b'] })).toThrow('nobody defines $nobody');
  expect(() => substitute('x{a="$pool"}', many, {})).toThrow('nobody defines $pool');
  expect(() => substitute('x{pool="$pool"}', one, { pool: 'all' })).toThrow('$pool has no All');
});
