import { describe, expect, it } from 'vitest';
import { parseCounters, traffic } from '../../../../src/collectors/kernel/traffic.ts';
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

/** What the query makes of these files. */
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

  const diskstats = [
    '   8       0 sda 1 0 8 0 2 0 900 0 0 0 0 1 0 900 0 0 0',
    ' 253       4 dm-4 1 0 8 0 2 0 16 0 0 0 0 1 0 32 0 0 0',
    ' 253      14 dm-14 1 0 8 0 2 0 800 0 0 0 0',
    '',
  ].join('\n');

  it('reads the counters of each volume, and leaves out one that is gone', () => {
    const [query] = queriesOf(volume('a', '253:4'), volume('b', '253:5'), volume('c', '253:14'));
    expect(read(query, { '/proc/diskstats': diskstats })).toEqual({
      deviceTraffic: [
        { name: 'a', device: '253:4', writtenBytes: 8192, discardedBytes: 16_384 },
        { name: 'c', device: '253:14', writtenBytes: 409_600 },
      ],
    });
    expect(read(query, { '/proc/diskstats': null })).toEqual({ deviceTraffic: [] });
  });

  it('reads one file for all volumes, with room for as many as are listed', () => {
    const many = Array.from({ length: 12_000 }, (_, at) => volume(`v${at}`, `253:${at}`));
    const [query, ...others] = queriesOf(...many);
    expect(others).toEqual([]);
    const line = (at: number) =>
      ` 253 ${at} dm-${at} ${Array.from({ length: 17 }, () => 123_456_789).join(' ')}\n`;
    const input = query?.variants[0].input;
    const [path] = input !== undefined && 'paths' in input ? input.paths : [];
    expect(path?.maxBytes).toBeGreaterThan(12_000 * line(12_000).length);
  });
});

describe('the counters', () => {
  it('have no discards before Linux 4.18', () => {
    expect(parseCounters('1 0 8 0 2 0 16 0 0 0 0')).toEqual({ writtenBytes: 8192 });
  });

  it.each(['', '1 2 3', '1 0 8 0 2 0 x 0 0 0 0', '1 0 8 0 2 0 -1 0 0 0 0'])('are refused in %j', (text) => {
    expect(() => parseCounters(text)).toThrow(ParseError);
  });
});
