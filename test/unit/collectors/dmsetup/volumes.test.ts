import { describe, expect, it } from 'vitest';
import { volumes } from '../../../../src/collectors/dmsetup/volumes.ts';
import { ParseError } from '../../../../src/collectors/shared/errors.ts';
import type { Pool } from '../../../../src/model/pool.ts';
import { makeHost, makePool, makeUnknownPool } from '../../../support/makers.ts';

const listed: Pick<Pool, 'volumes'> = {
  volumes: [{ name: 'vg-thin', device: '253:5', suspended: false, sizeBytes: 1024 }],
};
const blocksOf = (pool: Pool) =>
  volumes.queries(makeHost({ pools: [pool] }), { segMonitor: 'auto' }).map(({ blockedBy }) => blockedBy);
const late = { collector: 'pools', since: 0, degree: 'overdue' } as const;

describe('volumes are queried if their pool responds', () => {
  it.each([
    ['read', makePool(listed)],
    ['failed', makePool({ ...listed, state: 'failed' })],
    [
      'of which the volumes were late last time',
      makePool({ ...listed, late: { ...late, collector: 'volumes' } }),
    ],
  ])('%s', (_, pool) => {
    expect(blocksOf(pool)).toEqual([undefined]);
  });
});

describe('a batch', () => {
  const two: Pick<Pool, 'volumes'> = {
    volumes: ['-thin', 'vg-b'].map((name) => ({ name, device: '253:5', suspended: false, sizeBytes: 1024 })),
  };
  const [query] = volumes.queries(makeHost({ pools: [makePool(two)] }), { segMonitor: 'auto' });
  const [variant] = query!.variants;
  const parse = (stdout: string) => variant.parse({ stdout, stderr: '', exitCode: 0, takenAt: 0 }, undefined);

  it('names its volumes where none can be taken for an option', () => {
    expect(variant.input).toMatchObject({
      command: ['dmsetup', 'status', '--manglename', 'none', '--noflush', '--', '-thin', 'vg-b'],
    });
  });

  it.each(['vg-b: 0 8 thin x 7', 'vg-b: 0 8 thi', 'what is this', 'vg-c: 0 8 thin 8 7'])(
    'loses the volume alone whose line is %j',
    (line) => {
      const found = parse(`${line}\n-thin: 0 8 thin 8 7\n`);
      expect(found.volumeStatuses).toMatchObject([{ name: '-thin', mappedSectors: 8 }]);
      expect(found.unreadable).toEqual([{ collector: 'volumes', reason: expect.any(String) }]);
    },
  );

  it('of which nothing can be read is refused', () => {
    expect(() => parse('vg-b: 0 8 thin x 7\n')).toThrow(ParseError);
  });
});

describe('and wait for one that does not', () => {
  it.each([
    ['not read yet', makeUnknownPool(listed), 'is unknown'],
    ['overdue', makePool({ ...listed, late }), 'is overdue'],
    ['stuck', makePool({ ...listed, late: { ...late, degree: 'stuck' } }), 'does not return'],
    [
      'stuck in a query by volumes',
      makePool({ ...listed, late: { collector: 'volumes', since: 0, degree: 'stuck' } }),
      'does not return',
    ],
  ])('%s', (_, pool, reason) => {
    expect(blocksOf(pool)).toEqual([expect.stringContaining(reason)]);
  });
});
