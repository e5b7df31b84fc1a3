import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/model/finding.ts';
import type { Mute, SeverityOverride } from '../../../src/model/finding-option.ts';
import {
  describeMuted,
  describeOverride,
  endedOptions,
  overrideSeverity,
  sortMuted,
  unmatchedFindingOptions,
} from '../../../src/rules/finding-options.ts';
import { makeHost, makePool } from '../../support/makers.ts';

const mute = (parts: Partial<Mute> = {}): Mute => ({
  code: 'nearly-full',
  severity: 'muted',
  until: '2027-01-31',
  endsAt: 1000,
  reason: 'disks are ordered',
  where: 'o.yaml:3',
  ...parts,
});
const override = (parts: Partial<SeverityOverride> = {}): SeverityOverride => ({
  code: 'nearly-full',
  severity: 'warning',
  reason: 'it is a test pool',
  where: 'o.yaml:9',
  ...parts,
});
const finding = (parts: Partial<Finding> = {}): Finding => ({
  code: 'nearly-full',
  severity: 'critical',
  pool: 'vg0-pool',
  summary: 'Sum.',
  advice: 'Act.',
  ...parts,
});
const isMuted = (one: Mute, other: Finding, now = 0) => sortMuted([other], [one], now).muted.length === 1;

describe('a mute', () => {
  it('holds for its code, with a pool or without', () => {
    expect(isMuted(mute(), finding())).toBe(true);
    const { pool: _, ...about } = finding();
    expect(isMuted(mute(), about)).toBe(true);
    expect(isMuted(mute(), finding({ code: 'pool-failed' }))).toBe(false);
  });

  it('holds for the pools of its pattern only', () => {
    expect(isMuted(mute({ pool: 'vg0-*' }), finding())).toBe(true);
    expect(isMuted(mute({ pool: 'vg1-*' }), finding())).toBe(false);
    const { pool: _, ...about } = finding();
    expect(isMuted(mute({ pool: '*' }), about)).toBe(false);
  });

  it('ends with its last day', () => {
    expect(isMuted(mute(), finding(), 999)).toBe(true);
    expect(isMuted(mute(), finding(), 1000)).toBe(false);
  });

  it('keeps what is known of the finding, and leaves the others in their order', () => {
    const others = [finding({ code: 'a' }), finding({ code: 'b' })];
    const { audible, muted } = sortMuted([others[0]!, finding(), others[1]!], [mute()], 0);
    expect(audible).toEqual(others);
    expect(muted).toEqual([
      {
        ...finding(),
        mutedUntil: '2027-01-31',
        muteEndsAt: 1000,
        mutedBecause: 'disks are ordered',
      },
    ]);
    expect(describeMuted(muted[0]!)).toBe('muted until 2027-01-31 because disks are ordered');
  });

  it('is named by its place when it has ended', () => {
    const texts = (now: number) => endedOptions([mute({ pool: 'vg0-*' })], now).map(({ text }) => text);
    expect(texts(999)).toEqual([]);
    expect(texts(1000)).toEqual([
      'o.yaml:3: the mute of nearly-full for pool vg0-* ended on 2027-01-31; remove it, or set a later day',
    ]);
  });
});

describe('a severity that is set', () => {
  const severityOf = (options: readonly (Mute | SeverityOverride)[], one = finding(), now = 0) =>
    overrideSeverity(options, now)(one).severity;

  it('replaces that of the rule, and says what that was and why', () => {
    const set = overrideSeverity([override()], 0)(finding());
    expect(set).toEqual({
      ...finding(),
      severity: 'warning',
      severityWas: 'critical',
      severityBecause: 'it is a test pool',
    });
    expect(describeOverride(set)).toBe('severity set by option, was critical, because it is a test pool');
  });

  it('leaves a finding of that severity as it is', () => {
    const one = finding({ severity: 'warning' });
    expect(overrideSeverity([override()], 0)(one)).toBe(one);
    expect(describeOverride(one)).toBeUndefined();
  });

  it('can be any, in both directions', () => {
    expect(severityOf([override({ severity: 'info' })])).toBe('info');
    expect(severityOf([override({ severity: 'critical' })], finding({ severity: 'info' }))).toBe('critical');
  });

  it('is that of the first entry that covers the finding', () => {
    const options = [
      override({ code: 'pool-failed', severity: 'info' }),
      override({ pool: 'vg1-*', severity: 'info' }),
      mute(),
      override({ pool: 'vg0-*', severity: 'info' }),
      override(),
    ];
    expect(severityOf(options)).toBe('info');
    expect(severityOf(options, finding({ pool: 'vg2-pool' }))).toBe('warning');
    expect(severityOf(options, finding({ code: 'data-full' }))).toBe('critical');
  });

  it('has no end, or ends with its last day', () => {
    const ends = override({ until: '2027-01-31', endsAt: 1000 });
    expect(severityOf([override()], finding(), Number.MAX_SAFE_INTEGER)).toBe('warning');
    expect(severityOf([ends], finding(), 999)).toBe('warning');
    expect(severityOf([ends], finding(), 1000)).toBe('critical');
    expect(endedOptions([ends, override()], 1000).map(({ text }) => text)).toEqual([
      'o.yaml:9: the severity warning of nearly-full ended on 2027-01-31; remove it, or set a later day',
    ]);
  });
});

describe('an entry with a pattern of pools', () => {
  const host = makeHost({
    pools: [makePool({ name: 'vg0-pool' })],
    missingPools: [{ name: 'vg1-pool', lastSeenAt: 1 }],
  });
  const unmatched = (pool: string, parts = {}) =>
    unmatchedFindingOptions([override({ pool })], { ...host, ...parts });

  it('is named if it matches no pool, also not one that is missing', () => {
    expect(unmatched('vg2-*')).toEqual([
      'o.yaml:9: findings: nearly-full for pool vg2-*: no pool matches (pools: vg0-pool, vg1-pool); it applies if one appears',
    ]);
    expect(unmatched('vg0-*', { pools: [], missingPools: [] })).toEqual([
      expect.stringContaining('no pool matches (there are no pools)'),
    ]);
  });

  it('is not named if it matches, if it has none, or while the pools are not known', () => {
    expect(unmatched('vg0-*')).toEqual([]);
    expect(unmatched('vg1-*')).toEqual([]);
    expect(unmatchedFindingOptions([override()], host)).toEqual([]);
    expect(unmatched('vg2-*', { discovered: false })).toEqual([]);
  });
});
