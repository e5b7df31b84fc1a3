import { describe, expect, it } from 'vitest';
import type { Since } from '../../../src/rules/evaluate.ts';
import { judgeHost } from '../../support/judge-host.ts';
import { makeCollector, makeHost } from '../../support/makers.ts';
import { blind } from './cases/blind.ts';
import { outOfSpace } from './cases/state.ts';
import { hostWith, withCounters } from './each-code.ts';

const codesOf = (findings: readonly { readonly code: string }[]) => findings.map(({ code }) => code);

describe('status-unknown', () => {
  it('waits for what decides between stuck and well again', () => {
    const first = judgeHost(blind(1_000_000), new Map());
    expect(codesOf(first.findings)).toEqual([]);
    const later = judgeHost(blind(1_005_000), first.since);
    expect(codesOf(later.findings)).toEqual(['status-unknown']);
  });

  it('is reported at once by a single poll', () => {
    const { findings } = judgeHost(blind(1_000_000), new Map(), { debounce: false });
    expect(codesOf(findings)).toEqual(['status-unknown']);
  });
});

describe('collector-failing', () => {
  const reported = (story: readonly (readonly [seconds: number, status: 'failed' | 'blocked' | 'ok'])[]) => {
    let since: Since = new Map();
    let codes: readonly string[] = [];
    for (const [seconds, status] of story) {
      const collectors = [makeCollector({ name: 'lvm', status })];
      const judged = judgeHost(makeHost({ takenAt: seconds * 1000, collectors }), since);
      since = judged.since;
      codes = codesOf(judged.findings);
    }
    return codes;
  };

  it('is reported after a minute, though the collector was blocked for a second meanwhile', () => {
    expect(
      reported([
        [0, 'failed'],
        [59, 'failed'],
      ]),
    ).toEqual([]);
    expect(
      reported([
        [0, 'failed'],
        [60, 'failed'],
      ]),
    ).toEqual(['collector-failing']);
    expect(
      reported([
        [0, 'failed'],
        [50, 'failed'],
        [51, 'blocked'],
        [52, 'failed'],
        [60, 'failed'],
      ]),
    ).toEqual(['collector-failing']);
    expect(
      reported([
        [0, 'failed'],
        [70, 'failed'],
        [71, 'blocked'],
        [72, 'failed'],
      ]),
    ).toEqual(['collector-failing']);
  });

  it('is not reported for what did not fail, and waits again if the collector was ok for longer', () => {
    expect(
      reported([
        [0, 'failed'],
        [70, 'failed'],
        [71, 'ok'],
      ]),
    ).toEqual([]);
    expect(
      reported([
        [0, 'failed'],
        [50, 'failed'],
        [60, 'ok'],
        [61, 'failed'],
        [100, 'failed'],
      ]),
    ).toEqual([]);
  });
});

describe('advice on a pool that does not respond', () => {
  const adviceIn = (degree: 'slow' | 'stuck') => {
    const full = withCounters({ ...outOfSpace, noSpace: 'queue' });
    const host = hostWith({ ...full, late: { collector: 'pools', since: 0, degree } });
    const { findings } = judgeHost(host, new Map());
    return new Map(findings.map(({ code, advice }) => [code, advice]));
  };

  it('does not begin with a command that would hang', () => {
    const advice = adviceIn('stuck');
    expect(advice.get('data-full-queueing')).toMatch(
      /^Not before the pool responds again .* Then: Extend the pool now: `lvextend /,
    );
    expect(advice.get('status-stuck')).toMatch(/^Check the storage under the pool/);
  });

  it('is that of any other pool while a query is only slow', () => {
    const advice = adviceIn('slow');
    expect(advice.get('data-full-queueing')).toMatch(/^Extend the pool now: `lvextend /);
  });
});
