import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { exportOf } from './exporter.ts';
import { readHistories, readHistory, writeHistory } from './files.ts';
import { allHistories } from './history.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'thinpool-histories-'));
afterAll(() => rmSync(dir, { recursive: true }));

const histories = allHistories();
const ids = [
  'steady-fill-minutes-1',
  'autoextend-until-the-vg-is-empty-1',
  'fill-with-exporter-restarts-minutes-2',
  'quiet-with-scrapes-missing-3',
  'snapshots-fill-metadata-minutes-1',
];
const chosen = histories.filter(({ id }) => ids.includes(id));

describe('a history that is written and read again', () => {
  it.each(chosen.map((history) => [history.id, history] as const))('%s: has the same truth', (_, history) => {
    const { course, truth, disturbances, tier } = history;
    const read = readHistory(`${history.id}.om`, writeHistory(history, tier.step));
    const dangers = (of: typeof truth) =>
      of.dangers.map(({ kind, resource, at }) => ({ kind, resource, at }));
    expect(dangers(read.truth)).toEqual(dangers(truth));
    expect(read.truth.isQuiet).toBe(truth.isQuiet);
    expect(read.policy?.thresholdPercent).toBe(history.policy?.thresholdPercent);
    if (disturbances.length > 0) return;
    expect(read.course.tracks).toEqual(course.tracks);
    expect(read.course.extended).toEqual(course.extended);
  });

  it('knows about when the writes began', () => {
    const history = chosen.find(({ id }) => id === ids[0])!;
    const read = readHistory('h.om', writeHistory(history, 1));
    for (const [index, { onset, at }] of read.truth.dangers.entries()) {
      const real = history.truth.dangers[index]!;
      expect(onset).toBeGreaterThanOrEqual(real.onset);
      expect(onset - real.onset).toBeLessThanOrEqual(0.11 * (at - real.onset) + 1);
    }
  });

  it('has the same restarts and gaps, to a sample', () => {
    for (const id of ids.slice(2, 4)) {
      const history = chosen.find((one) => one.id === id)!;
      const read = readHistory(`${id}.om`, writeHistory(history, 1));
      const order = (of: typeof read.disturbances) => of.toSorted((one, other) => one.from - other.from);
      const real = order(history.disturbances);
      expect(order(read.disturbances).map(({ kind }) => kind)).toEqual(real.map(({ kind }) => kind));
      for (const [index, { from, to }] of order(read.disturbances).entries()) {
        expect(Math.abs(from - real[index]!.from)).toBeLessThanOrEqual(1);
        expect(Math.abs(to - real[index]!.to)).toBeLessThanOrEqual(1);
      }
    }
  });

  it.each([15, 60])('is polled once per sample if it is sampled every %i s', (interval) => {
    const history = chosen.find(({ id }) => id === ids[1])!;
    const read = readHistory('h.om', writeHistory(history, interval));
    expect(read.tier).toMatchObject({ step: interval, poll: interval, finest: interval });
    const { polls } = exportOf(read);
    expect(polls.slice(0, 3)).toEqual([0, interval, 2 * interval]);
    expect(read.truth.fills).toBe(true);
    const [at, real] = [read, history].map(
      ({ truth }) => truth.dangers.find(({ kind }) => kind === 'full')!.at,
    );
    expect(Math.abs(at! - real!)).toBeLessThanOrEqual(interval);
  });
});

const history = chosen.find(({ id }) => id === ids[0])!;
const good = writeHistory(history, 60);
const lines = good.split('\n');

describe('a directory of histories', () => {
  it('has one in each file, whose name is its id and its kind', () => {
    writeFileSync(path.join(dir, 'nightly-2.om'), good);
    writeFileSync(path.join(dir, 'README.md'), 'not a history');
    expect(readHistories(dir)).toMatchObject([{ id: 'nightly-2', of: { name: 'nightly' } }]);
    expect(readFileSync(path.join(dir, 'nightly-2.om'), 'utf8')).toMatch(/^# TYPE /);
  });
});

describe('a file that is no history', () => {
  const withLine = (number: number, line: string): string => lines.with(number - 1, line).join('\n');
  const pool = '{pool="vg-pool"}';

  it.each([
    [
      'is cut off',
      lines.slice(0, 40).join('\n'),
      'h.om:40: the last line must be "# EOF": is the file cut off?',
    ],
    ['has another line', withLine(3, 'hello'), 'h.om:3: not a sample: hello'],
    ['has broken labels', withLine(3, 'a{b=c} 1 2'), 'h.om:3: labels that cannot be read: {b=c}'],
    ['has no number', withLine(3, `a${pool} NaN 2`), 'h.om:3: value NaN: expected a number from 0 on'],
    ['has no timestamp', withLine(3, `a${pool} 1`), 'h.om:3: a has no timestamp'],
    [
      'has a bad timestamp',
      withLine(3, `a${pool} 1 yesterday`),
      'h.om:3: timestamp yesterday: expected Unix seconds',
    ],
    [
      'goes back in time',
      withLine(3, `thinpool_data_used_bytes${pool} 1 1699999999`),
      'h.om:3: timestamp 1699999999 is not after that of the sample before, in line 2',
    ],
    [
      'uses more than there is',
      withLine(3, lines[2]!.replace(/ \d+\.?\d* /, ' 1e18 ')),
      'h.om:3: thinpool_data_used_bytes is greater than thinpool_data_size_bytes',
    ],
    [
      'lacks a metric',
      good.replaceAll('thinpool_metadata_size_bytes', 'other'),
      'h.om: no samples of thinpool_metadata_size_bytes',
    ],
    ['has two pools', withLine(3, 'a{pool="other"} 1 2'), 'h.om:3: more than one pool: vg-pool, other'],
    [
      'has too few samples',
      [...lines.slice(0, 4), '# EOF'].join('\n'),
      'h.om: 3 samples of thinpool_data_used_bytes; at least 10 are needed',
    ],
    [
      'has a mode that cannot be evaluated',
      withLine(lines.length - 1, `thinpool_mode{pool="vg-pool",mode="fail"} 1 1700000060\n# EOF`),
      `h.om:${lines.length - 1}: mode fail: only rw, ro, out_of_data_space can be evaluated`,
    ],
  ])('%s', (_, text, message) => {
    expect(() => readHistory('h.om', text)).toThrow(new Error(message));
  });
});
