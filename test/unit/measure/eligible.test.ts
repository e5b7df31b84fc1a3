import { describe, expect, it } from 'vitest';
import { measurable, metadataPathOf, whyNotMeasured } from '../../../src/measure/eligible.ts';
import { makePool, makeSpace, makeUnknownPool } from '../../support/makers.ts';

const pool = makePool();

describe('a pool', () => {
  it('is measured while it is healthy', () => {
    expect(whyNotMeasured(pool)).toBeUndefined();
  });

  it.each([
    ['is suspended', makePool({ suspended: true })],
    ['went read-only', makePool({ counters: { ...pool.counters, mode: 'ro' } as never })],
    ['is not writable', makePool({ counters: { ...pool.counters, mode: 'out_of_data_space' } as never })],
    ['is not writable', makePool({ table: { ...pool.table, features: ['read_only'] } })],
    ['needs a metadata check', makePool({ counters: { ...pool.counters, needsCheck: true } as never })],
    ['has a', makePool({ late: { collector: 'pools', since: 0, degree: 'stuck' } })],
    ['unknown', makeUnknownPool()],
    ['of the metadata of pool', makePool({ metadata: makeSpace(76, 100, 4096) })],
  ])('is left alone: %s', (why, other) => {
    expect(whyNotMeasured(other)).toContain(why);
  });

  it('without a volume has nothing to measure, and neither has one without a device', () => {
    expect(measurable([makePool({ volumeCount: 0 })])).toEqual([]);
    expect(measurable([{ ...makePool({ volumeCount: 1 }), presence: 'inactive' }])).toEqual([]);
    expect(measurable([makePool({ volumeCount: 1 })])).toHaveLength(1);
  });
});

it('reads metadata by the name that the kernel gives the device', () => {
  const device = { device: '253:0', slaves: [] } as const;
  expect(metadataPathOf(pool, [{ ...device, name: 'dm-7' }])).toBe('/dev/dm-7');
  expect(metadataPathOf(pool, [{ ...device, name: 'cciss!c0d0' }])).toBe('/dev/cciss/c0d0');
  expect(metadataPathOf(pool, [device])).toBeUndefined();
});
