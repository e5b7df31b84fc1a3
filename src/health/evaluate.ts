import { type Finding, severities } from '../model/finding.ts';
import type { Host } from '../model/host.ts';
import { blindRules } from './blind-rules.ts';
import { kernelRules } from './kernel-rules.ts';
import { policyRules } from './policy-rules.ts';
import type { Hit, Rule } from './rule.ts';
import { spaceRules } from './space-rules.ts';
import { stateRules } from './state-rules.ts';

/** Every rule, worst first. The order ranks findings of equal severity. */
export const rules: readonly Rule[] = [
  ...stateRules,
  ...blindRules,
  ...kernelRules,
  ...spaceRules,
  ...policyRules,
];

/** Since when each finding holds, by its identity. Unix ms. */
export type Since = ReadonlyMap<string, number>;

export interface Evaluation {
  readonly findings: readonly Finding[];
  readonly since: Since;
}

/** What a single look at a host goes by: it cannot tell what will pass by itself, so it reports it. */
export const impatient = { waits: false };
/** What a long-running watch goes by. */
export const patient = { waits: true };

/** Judges a host: findings, worst first. `before` tells since when what still holds has held. */
export function evaluate(host: Host, before: Since, { waits } = patient): Evaluation {
  const findings: Finding[] = [];
  const since = new Map<string, number>();
  for (const rule of rules) {
    for (const hit of rule.find(host)) {
      const key = identityOf(rule, hit);
      const startedAt = Math.min(before.get(key) ?? host.takenAt, host.takenAt);
      since.set(key, startedAt);
      const waitMs = waits ? (rule.afterMs ?? 0) : 0;
      if (host.takenAt - startedAt >= waitMs) findings.push(toFinding(rule, hit, startedAt));
    }
  }
  return { findings: findings.sort((one, other) => rank(one) - rank(other)), since };
}

function identityOf(rule: Rule, { pool, resource, source, vg }: Hit): string {
  return JSON.stringify([rule.code, pool, resource, source, vg]);
}

function toFinding({ code, severity, advice }: Rule, hit: Hit, since: number): Finding {
  return { code, severity, advice, ...hit, since };
}

function rank({ severity, code }: Finding): number {
  return severities.indexOf(severity) * 1000 + rules.findIndex((rule) => rule.code === code);
}
