import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/model/finding.ts';
import type { Mute } from '../../../src/model/mute.ts';
import { describeEnded, describeMuted, sortMuted } from '../../../src/rules/mutes.ts';

const mute = (parts: Partial<Mute> = {}): Mute => ({
  code: 'nearly-full',
  until: '2027-01-31',
  endsAt: 1000,
  reason: 'disks are ordered',
  where: 'o.yaml:3',
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
    expect(describeEnded(mute({ pool: 'vg0-*' }))).toBe(
      'o.yaml:3: the mute of nearly-full for pool vg0-* ended on 2027-01-31; remove it, or set a later day',
    );
  });
});
