import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/model/finding.ts';
import type { Host } from '../../../src/model/host.ts';
import { evaluate, type Since } from '../../../src/rules/evaluate.ts';
import { makePool, makeSpace } from '../../support/makers.ts';
import { hostToTrim } from './cases/discards.ts';

const GiB = 1024 ** 3;

function judge(host: Host, before: Since = new Map()) {
  const { findings, since } = evaluate({ host, trends: [] }, before, { debounce: false });
  return { found: findings.filter(({ code }) => code === 'trim-would-free'), since };
}

const foundIn = (host: Host): readonly Finding[] => judge(host).found;
const counters = makePool().counters!;

describe('is quiet', () => {
  it.each([
    ['it is 5% of the pool', hostToTrim({ usedBytes: 49 * GiB })],
    [
      'it is less than 1 GiB',
      hostToTrim(
        { sizeBytes: 100 * GiB, usedBytes: 2.2 * GiB, mappedBytes: 3 * GiB },
        { data: makeSpace(10, 12, GiB) },
        { mappedBytes: 3 * GiB },
      ),
    ],
    ['the rest may be the tables of the file system', hostToTrim({ sizeBytes: 85 * GiB })],
    [
      'it is a remainder between files',
      hostToTrim(
        { sizeBytes: 200 * GiB, usedBytes: 140 * GiB, mappedBytes: 154 * GiB },
        {},
        { mappedBytes: 154 * GiB, sizeBytes: 200 * GiB },
      ),
    ],
    ['it was trimmed since the file system was read', hostToTrim({}, {}, { mappedBytes: 42 * GiB })],
    ['the volume has grown since', hostToTrim({ mappedBytes: 45 * GiB })],
    ['the pool ignores discards', hostToTrim({}, { counters: { ...counters, discard: 'ignore_discard' } })],
    ['the pool takes no changes', hostToTrim({}, { counters: { ...counters, mode: 'ro' } })],
    ['nothing was read', { ...hostToTrim(), volumeUsages: [] }],
  ])('where %s', (_, host) => {
    expect(foundIn(host)).toEqual([]);
  });
});

it('is a warning where the pool is nearly full, and stays one while it is about that full', () => {
  const at = (used: number): Host => hostToTrim({}, { data: makeSpace(used, 200, GiB) });
  const severities = (host: Host, before?: Since) =>
    judge(host, before).found.map(({ severity }) => severity);
  expect(severities(at(169))).toEqual(['info']);
  expect(severities(at(170))).toEqual(['warning']);
  expect(severities(at(167), judge(at(170)).since)).toEqual(['warning']);
  expect(severities(at(165), judge(at(170)).since)).toEqual(['info']);
});

it('stays until more than a few files were written', () => {
  const { since } = judge(hostToTrim());
  expect(judge(hostToTrim({ usedBytes: 50 * GiB }), since).found).toHaveLength(1);
  expect(judge(hostToTrim({ usedBytes: 51.5 * GiB }), since).found).toEqual([]);
});

it('is reported once it has held for half an hour', () => {
  const host = hostToTrim();
  const { findings, since } = evaluate({ host, trends: [] }, new Map());
  expect(findings.map(({ code }) => code)).not.toContain('trim-would-free');
  const later = { ...host, takenAt: host.takenAt + 30 * 60_000 };
  expect(evaluate({ host: later, trends: [] }, since).findings.map(({ code }) => code)).toContain(
    'trim-would-free',
  );
});

it('is at most what the pool has used, with the command for the place where it is mounted', () => {
  const [one] = foundIn(hostToTrim({}, { data: makeSpace(15, 200, GiB) }));
  expect(one?.summary).toContain('at most 15.0 GiB');
  expect(one?.advice).toMatch(/^Trim: `fstrim \/home`\. /);
});
