import { expect, it } from 'vitest';
import type { Route } from '../../../src/notify/receiver.ts';
import { receiversOf } from '../../../src/notify/routing.ts';
import { patternOf } from '../../../src/thinpool/pool-filter.ts';
import { alertsOf, full, low } from './support.ts';

const [alert] = alertsOf(full);
const [warning] = alertsOf(low);
const [hostAlert] = alertsOf({ ...full, code: 'discovery-blind', pool: undefined!, resource: undefined! });
const all: Route = { receivers: ['a'], severities: ['critical', 'warning', 'info'] };

it.each<[string, Partial<Route>, boolean, boolean]>([
  ['everything', {}, true, true],
  ['a severity', { severities: ['critical'] }, true, true],
  ['another severity', { severities: ['warning'] }, false, false],
  ['a pool', { pools: ['docker-thinpool'].map(patternOf) }, true, false],
  ['a pattern of pools', { pools: ['x', 'docker-*'].map(patternOf) }, true, false],
  ['another pool', { pools: ['thinpool'].map(patternOf) }, false, false],
  ['a code', { codes: ['data-full'] }, true, false],
  ['another code', { codes: ['nearly-full'] }, false, false],
])('a route of %s', (_, parts, ofPool, ofHost) => {
  expect(receiversOf(alert!, [{ ...all, ...parts }])).toEqual(ofPool ? ['a'] : []);
  expect(receiversOf(hostAlert!, [{ ...all, ...parts }])).toEqual(ofHost ? ['a'] : []);
});

it('several routes reach each receiver once', () => {
  const routes = [all, { ...all, receivers: ['b', 'a'] }];
  expect(receiversOf(warning!, routes)).toEqual(['a', 'b']);
  expect(receiversOf(warning!, [])).toEqual([]);
});
