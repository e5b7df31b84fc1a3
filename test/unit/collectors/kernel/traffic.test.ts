import { describe, expect, it } from 'vitest';
import { parseStat, traffic } from '../../../../src/collectors/kernel/traffic.ts';
import { ParseError } from '../../../../src/collectors/shared/errors.ts';
import type { DeviceNumber } from '../../../../src/model/facts.ts';
import type { Volume } from '../../../../src/model/pool.ts';
import { makeHost, makePool } from '../../../support/makers.ts';

const volume = (name: string, device: DeviceNumber): Volume => ({
  name,
  device,
  suspended: false,
  sizeBytes: 0,
});
const queriesOf = (...volumes: readonly Volume[]) =>
  traffic.queries(makeHost({ pools: [makePool({ volumes })] }), { segMonitor: 'auto' });

/** What the query makes of this content of sysfs. */
function read(query: ReturnType<typeof queriesOf>[number] | undefined, contents: object) {
  const stdout = JSON.stringify(contents);
  return query?.variants[0].parse({ stdout, stderr: '', exitCode: 0, takenAt: 0 }, undefined);
}

describe('traffic', () => {
  it('queries nothing where there are no volumes', () => {
    expect(queriesOf()).toEqual([]);
  });

  it('leaves out pools that are excluded', () => {
    const pool = { ...makePool({ volumes: [volume('a', '253:4')] }), excluded: true as const };
    expect(traffic.queries(makeHost({ pools: [pool] }), { segMonitor: 'auto' })).toEqual([]);
  });

  it('reads the counters of each volume, and leaves out one that is gone', () => {
    const [query] = queriesOf(volume('a', '253:4'), volume('b', '253:5'));
    const contents = {
      '/sys/block/dm-4/stat':
        '       1        0        8        0        2        0       16        0\t0 0 0 1 0 32 0\n',
      '/sys/block/dm-5/stat': null,
    };
    expect(read(query, contents)).toEqual({
      deviceTraffic: [{ name: 'a', device: '253:4', writtenBytes: 8192, discardedBytes: 16_384 }],
    });
  });

  it('reads many in several queries, so that one past its deadline hides only its own', () => {
    const many = Array.from({ length: 1200 }, (_, at) => volume(`v${at}`, `253:${at}`));
    const counts = queriesOf(...many).map(({ key, variants: [{ input }] }) => [
      key,
      'paths' in input ? input.paths.length : 0,
    ]);
    expect(counts).toEqual([
      ['stat', 500],
      ['stat1', 500],
      ['stat2', 200],
    ]);
  });
});

describe('the fields', () => {
  it('have no discards before Linux 4.18', () => {
    expect(parseStat('1 0 8 0 2 0 16 0 0 0 0')).toEqual({ writtenBytes: 8192 });
  });

  it.each(['', '1 2 3', '1 0 8 0 2 0 x 0 0 0 0', '1 0 8 0 2 0 -1 0 0 0 0'])('are refused in %j', (text) => {
    expect(() => parseStat(text)).toThrow(ParseError);
  });
});
