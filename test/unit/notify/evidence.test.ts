import { describe, expect, it } from 'vitest';
import type { Host } from '../../../src/model/host.ts';
import { isGone, isKnownToHaveEnded, workingCollectors } from '../../../src/notify/evidence.ts';
import { makeCollector, makeHost, makePool, makeUnknownPool } from '../../support/makers.ts';
import { content } from './support.ts';

const about = { ...content, pool: 'docker-thinpool' };
const lvm = (status: 'ok' | 'failed' | 'blocked' | 'pending' | 'off') =>
  makeCollector({ name: 'lvm', status });

describe('an alert that is no longer raised has ended', () => {
  it.each<[string, Partial<Host>, boolean]>([
    ['if the pool is read', { pools: [makePool()] }, true],
    ['if the pool is gone', {}, true],
    [
      'if its owner lists the pool as inactive',
      { pools: [{ ...makeUnknownPool(), presence: 'inactive' }] },
      true,
    ],
    ['not while the status of the pool is unknown', { pools: [makeUnknownPool()] }, false],
    [
      'not while the pool is late',
      { pools: [makePool({ late: { collector: 'pools', since: 1, degree: 'stuck' } })] },
      false,
    ],
    ['not while the devices are not known', { discovered: false }, false],
    ['not while a collector that saw it fails', { pools: [makePool()], collectors: [lvm('failed')] }, false],
    [
      'not while a collector that saw it is blocked',
      { pools: [makePool()], collectors: [lvm('blocked')] },
      false,
    ],
    [
      'not before a collector that saw it was read',
      { pools: [makePool()], collectors: [lvm('pending')] },
      false,
    ],
    ['if a collector that saw it is turned off', { pools: [makePool()], collectors: [lvm('off')] }, true],
  ])('%s', (_, host, ended) => {
    expect(isKnownToHaveEnded(about, ['lvm'], makeHost(host))).toBe(ended);
  });

  it('whatever a collector does that did not work when it was sent', () => {
    const host = makeHost({ pools: [makePool()], collectors: [lvm('failed')] });
    expect(isKnownToHaveEnded(about, [], host)).toBe(true);
  });
});

it('names the collectors that work', () => {
  expect(workingCollectors(makeHost({ collectors: [lvm('failed'), makeCollector()] }))).toEqual(['pools']);
});

it('a pool is gone only if the devices are known', () => {
  expect(isGone(about, makeHost())).toBe(true);
  expect(isGone(about, makeHost({ pools: [makePool()] }))).toBe(false);
  expect(isGone(about, makeHost({ discovered: false }))).toBe(false);
  const { pool: _, ...ofHost } = about;
  expect(isGone(ofHost, makeHost())).toBe(false);
});
