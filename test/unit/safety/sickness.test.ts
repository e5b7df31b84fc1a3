import { describe, expect, test } from 'vitest';
import type { PoolCounters, PoolTable } from '../../../src/model/facts.ts';
import { sickness } from '../../../src/safety/sickness.ts';

const table: PoolTable = {
  kind: 'pool',
  metadataDevice: '253:0',
  dataDevice: '253:1',
  blockSectors: 128,
  lowWaterBlocks: 0,
  features: [],
};
const counters: PoolCounters = {
  transactionId: 1,
  metadataUsedBlocks: 1,
  metadataBlocks: 100,
  dataUsedBlocks: 1,
  dataBlocks: 100,
  mode: 'rw',
  needsCheck: false,
};
const { mode: _mode, needsCheck: _needsCheck, ...old } = counters;
const well = { name: 'vg-p', suspended: false, state: 'readable', table, counters } as const;
const late = { collector: 'dmsetup', since: 0, degree: 'overdue' } as const;

describe('a pool in use is healthy', () => {
  test.each([
    ['rw', well],
    ['with no status yet', { name: 'vg-p', suspended: false, table }],
    ['full', { ...well, counters: { ...counters, mode: 'out_of_data_space' } }],
    [
      'read-only as its table says',
      { ...well, table: { ...table, features: ['read_only'] }, counters: { ...counters, mode: 'ro' } },
    ],
    ['of a kernel that reports no mode', { ...well, counters: old }],
  ] as const)('%s', (_, pool) => {
    expect(sickness(pool)).toBeUndefined();
  });
});

describe('a sick pool is named with its ailment', () => {
  test.each([
    ['late', { ...well, late }, 'pool vg-p has an overdue query by collector dmsetup'],
    [
      'stuck',
      { ...well, late: { ...late, degree: 'stuck' } },
      'pool vg-p has a query by collector dmsetup stuck in the kernel',
    ],
    ['suspended', { ...well, suspended: true }, 'pool vg-p is suspended'],
    ['failed', { name: 'vg-p', suspended: false, table, state: 'failed' }, 'pool vg-p has failed'],
    [
      'unreadable',
      { name: 'vg-p', suspended: false, table, state: 'unreadable' },
      'pool vg-p has unreadable metadata',
    ],
    [
      'needs check',
      { ...well, counters: { ...counters, mode: 'ro', needsCheck: true } },
      'pool vg-p needs a metadata check',
    ],
    ['read-only unasked', { ...well, counters: { ...counters, mode: 'ro' } }, 'pool vg-p went read-only'],
  ] as const)('%s', (_, pool, sentence) => {
    expect(sickness(pool)).toBe(sentence);
  });
});
