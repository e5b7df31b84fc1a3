import { describe, expect, it } from 'vitest';
import { type EvaluateOptions, evaluate, postpone, rules } from '../../../src/rules/evaluate.ts';
import { adviceOf } from '../../../src/rules/rule.ts';
import { explain, findBannedPhrases } from '../../support/banned-phrases.ts';
import { judgeHost } from '../../support/judge-host.ts';
import { makeHost, makePool } from '../../support/makers.ts';

it('has one rule for each code', () => {
  const codes = rules.map(({ code }) => code);
  expect([...new Set(codes)]).toEqual(codes);
});

it.each(rules)('$code has no banned phrase', (rule) => {
  const text = `${rule.meaning}\n${adviceOf(rule)}`;
  expect(findBannedPhrases(text).map((use) => explain(rule.code, use))).toEqual([]);
});

it('gives every finding its runbook, also while it is pending, wherever the operator keeps them', () => {
  const host = makeHost({ pools: [makePool({ suspended: true })] });
  const runbooksOf = (options: EvaluateOptions) =>
    evaluate({ host, trends: [] }, new Map(), options)[options.debounce ? 'pending' : 'findings'].map(
      ({ runbook }) => runbook,
    );
  const own = 'https://wiki.example/{alert}.html';
  for (const debounce of [true, false])
    expect(runbooksOf({ debounce, runbookUrl: own })).toContain(
      'https://wiki.example/ThinPoolSuspended.html',
    );
  expect(runbooksOf({ debounce: true, runbookUrl: 'http://host:10058/runbooks' })).toContain(
    'http://host:10058/runbooks/ThinPoolSuspended',
  );
  expect(runbooksOf({ debounce: true })).toContain(
    'https://github.com/thinpool-exporter/thinpool-exporter/blob/main/docs/runbooks/ThinPoolSuspended.md',
  );
});

describe('a finding that must hold for a while', () => {
  const at = (seconds: number) =>
    makeHost({ takenAt: seconds * 1000, pools: [makePool({ suspended: true })] });
  const suspended = ({ code }: { readonly code: string }) => code === 'pool-suspended';

  it('is pending until it is reported', () => {
    const start = judgeHost(at(0));
    expect(start.findings.filter(suspended)).toEqual([]);
    expect(start.pending.filter(suspended)).toMatchObject([
      { severity: 'critical', pool: 'docker-thinpool', since: 0, reportedAt: 30_000 },
    ]);
    const later = judgeHost(at(20), start.since);
    expect(later.pending.filter(suspended)).toMatchObject([{ since: 0, reportedAt: 30_000 }]);
    const reported = judgeHost(at(30), later.since);
    expect(reported.pending.filter(suspended)).toEqual([]);
    expect(reported.findings.filter(suspended)).toMatchObject([{ since: 0 }]);
  });

  it('is reported later by the time in which nothing was read', () => {
    const { since } = judgeHost(at(0));
    const { pending } = judgeHost(at(120), postpone(since, 100_000));
    expect(pending.filter(suspended)).toMatchObject([{ reportedAt: 130_000 }]);
  });

  it('is never pending where a host is read once', () => {
    const { findings, pending } = judgeHost(at(0), new Map(), { debounce: false });
    expect(pending).toEqual([]);
    expect(findings.filter(suspended)).toHaveLength(1);
  });
});
