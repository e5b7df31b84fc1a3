import { describe, expect, test } from 'vitest';
import type { PoolCounters, PoolTable } from '../../../src/model/facts.ts';
import { reasonToBlock, whySick } from '../../../src/safety/sick.ts';
import { makePool, makeUnknownPool } from '../../support/makers.ts';

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
const healthy = { name: 'vg-p', suspended: false, state: 'readable', table, counters } as const;
const late = { collector: 'dmsetup', since: 0, degree: 'overdue' } as const;

describe('a pool in use is healthy', () => {
  test.each([
    ['rw', healthy],
    ['full', { ...healthy, counters: { ...counters, mode: 'out_of_data_space' } }],
    [
      'read-only as its table says',
      { ...healthy, table: { ...table, features: ['read_only'] }, counters: { ...counters, mode: 'ro' } },
    ],
    ['of a kernel that reports no mode', { ...healthy, counters: old }],
  ] as const)('%s', (_, pool) => {
    expect(whySick(pool)).toBeUndefined();
  });
});

describe('a sick pool is named with its symptom', () => {
  test.each([
    ['late', { ...healthy, late }, 'pool vg-p has an overdue query by collector dmsetup'],
    [
      'stuck',
      { ...healthy, late: { ...late, degree: 'stuck' } },
      'pool vg-p has a query by collector dmsetup stuck in the kernel',
    ],
    ['suspended', { ...healthy, suspended: true }, 'pool vg-p is suspended'],
    ['failed', { name: 'vg-p', suspended: false, table, state: 'failed' }, 'pool vg-p has failed'],
    [
      'unreadable',
      { name: 'vg-p', suspended: false, table, state: 'unreadable' },
      'pool vg-p has unreadable metadata',
    ],
    ['of unknown status', { name: 'vg-p', suspended: false, table }, 'the status of pool vg-p is unknown'],
    [
      'needs check',
      { ...healthy, counters: { ...counters, mode: 'ro', needsCheck: true } },
      'pool vg-p needs a metadata check',
    ],
    [
      'read-only through an error',
      { ...healthy, counters: { ...counters, mode: 'ro' } },
      'pool vg-p went read-only',
    ],
  ] as const)('%s', (_, pool, sentence) => {
    expect(whySick(pool)).toBe(sentence);
  });
});

describe('nothing more is read of a pool', () => {
  test.each([
    ['that is late', makePool({ name: 'vg-p', late }), 'pool vg-p has an overdue query by collector dmsetup'],
    ['that is suspended', makePool({ name: 'vg-p', suspended: true }), 'pool vg-p is suspended'],
    [
      'that cannot read its metadata',
      makePool({ name: 'vg-p', state: 'unreadable' }),
      'pool vg-p has unreadable metadata',
    ],
    ['that was not read yet', makeUnknownPool({ name: 'vg-p' }), 'the status of pool vg-p is unknown'],
  ])('%s', (_, pool, reason) => {
    expect(reasonToBlock(pool)).toBe(reason);
  });

  test.each([
    ['settled in failure', makePool({ state: 'failed' })],
    ['is read-only and needs a check', makePool({ counters: { ...counters, mode: 'ro', needsCheck: true } })],
    ['has no device', { ...makeUnknownPool(), presence: 'inactive' } as const],
  ])('but LVM is still queried next to one that %s', (_, pool) => {
    expect(reasonToBlock(pool)).toBeUndefined();
  });
});
