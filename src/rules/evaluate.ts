import { type Finding, severities } from '../model/finding.ts';
import type { Host } from '../model/host.ts';
import { secondMs } from '../model/units.ts';
import { blindRules } from './blind.ts';
import { kernelRules } from './kernel.ts';
import { lvmRules } from './lvm.ts';
import { policyRules } from './policy.ts';
import { presenceRules } from './presence.ts';
import { adviceOf, type Hit, type Rule } from './rule.ts';
import { spaceRules } from './space.ts';
import { stateRules } from './state.ts';

/** Every rule, worst first. The order ranks findings of equal severity. */
export const rules: readonly Rule[] = [
  ...stateRules,
  ...presenceRules,
  ...blindRules,
  ...kernelRules,
  ...spaceRules,
  ...lvmRules,
  ...policyRules,
];

/** The codes of all findings, worst first. */
export const findingCodes: readonly string[] = rules.map(({ code }) => code);

/** Since when each finding holds, by its identity. */
export type Since = ReadonlyMap<string, Held>;

interface Held {
  /** Unix ms. */
  readonly startedAt: number;
  /** Unix ms. What comes back by then has gone on holding. */
  readonly until: number;
  /** It has held for long enough. */
  readonly isReported: boolean;
}

/** What has to hold for a while may be gone for a sixth of it, 10 s at most: a collector that fails is blocked for a second. */
const gapShare = 1 / 6;
const gapMostMs = 10 * secondMs;

export interface Evaluation {
  readonly findings: readonly Finding[];
  readonly since: Since;
}

/**
 * Judges a host: findings, worst first. `before` holds since when each finding holds. Without `debounce` a finding is reported
 * at once: a command that runs once cannot see what will pass.
 */
export function evaluate(host: Host, before: Since, { debounce } = { debounce: true }): Evaluation {
  const findings: Finding[] = [];
  const since = new Map<string, Held>();
  const now = host.takenAt;
  for (const rule of rules) {
    const { afterMs = 0 } = rule;
    const until = now + Math.min(gapMostMs, afterMs * gapShare);
    for (const hit of rule.find(host)) {
      const key = identityOf(rule, hit);
      const startedAt = Math.min(before.get(key)?.startedAt ?? now, now);
      const isReported = now - startedAt >= (debounce ? afterMs : 0);
      since.set(key, { startedAt, until, isReported });
      if (isReported) findings.push(toFinding(rule, hit, startedAt));
    }
  }
  for (const [key, held] of before) if (!since.has(key) && now < held.until) since.set(key, held);
  return { findings: findings.sort((one, other) => rank(one) - rank(other)), since };
}

/** Leaves out a time in which nothing was read: what has to hold for a while does not grow older in it. */
export function postpone(before: Since, ms: number): Since {
  return new Map(
    [...before].map(([key, { startedAt, until, isReported }]) => [
      key,
      { startedAt: isReported ? startedAt : startedAt + ms, until: until + ms, isReported },
    ]),
  );
}

function identityOf(rule: Rule, { pool, resource, collector, vg }: Hit): string {
  return JSON.stringify([rule.code, pool, resource, collector, vg]);
}

function toFinding(rule: Rule, hit: Hit, since: number): Finding {
  const { code, severity } = rule;
  return { code, severity, advice: adviceOf(rule), ...hit, since };
}

function rank({ severity, code }: Finding): number {
  return severities.indexOf(severity) * 1000 + rules.findIndex((rule) => rule.code === code);
}
