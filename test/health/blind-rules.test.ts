import { describe, expect, it } from 'vitest';
import { evaluate, impatient } from '../../src/health/evaluate.ts';
import type { QuestionState } from '../../src/model/host.ts';
import { makeHost, makeSource, makeUnknownPool } from '../support/makers.ts';

const timedOut: QuestionState = {
  key: 'docker-thinpool',
  about: 'docker-thinpool',
  startedAt: 996_000,
  finishedAt: 1_000_000,
  outcome: 'timed-out',
};
const blind = (takenAt: number) =>
  makeHost({ takenAt, pools: [makeUnknownPool()], sources: [makeSource({ questions: [timedOut] })] });
const codesOf = (findings: readonly { readonly code: string }[]) => findings.map(({ code }) => code);

describe('status-unknown', () => {
  it('waits for what decides between stuck and well again', () => {
    const first = evaluate(blind(1_000_000), new Map());
    expect(codesOf(first.findings)).toEqual([]);
    const later = evaluate(blind(1_005_000), first.since);
    expect(codesOf(later.findings)).toEqual(['status-unknown']);
  });

  it('is told at once by a single look', () => {
    const { findings } = evaluate(blind(1_000_000), new Map(), impatient);
    expect(codesOf(findings)).toEqual(['status-unknown']);
  });
});
