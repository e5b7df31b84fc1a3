import { type Finding, type PendingFinding, type Severity, severities } from '../model/finding.ts';
import type { FindingOption } from '../model/finding-option.ts';
import type { Snapshot } from '../model/host.ts';
import { secondMs } from '../model/units.ts';
import { blindRules } from './blind.ts';
import { discardRules } from './discards.ts';
import { overrideSeverity } from './finding-options.ts';
import { guestRules } from './guests.ts';
import { kernelRules } from './kernel.ts';
import { layerRules } from './layers.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { lvmRules } from './lvm.ts';
import { nearlyFullRules } from './nearly-full.ts';
import { notifyRules } from './notify.ts';
import { pagerRules } from './pager.ts';
import { policyRules } from './policy.ts';
import { presenceRules } from './presence.ts';
import { repairRules } from './repair.ts';
import { adviceOf, type Context, type Hit, type Rule, type Subject } from './rule.ts';
import { runbookOf } from './runbooks.ts';
import { runningOutRules } from './running-out.ts';
import { spaceRules } from './space.ts';
import { stateRules } from './state.ts';
import { trimmableRules } from './trimmable.ts';

/** Every rule, worst first. The order ranks findings of equal severity. */
export const rules: readonly Rule[] = [
  ...stateRules,
  ...presenceRules,
  ...guestRules,
  ...blindRules,
  ...kernelRules,
  ...runningOutRules,
  ...spaceRules,
  ...layerRules,
  ...nearlyFullRules,
  ...lvmRules,
  ...policyRules,
  ...repairRules,
  ...pagerRules,
  ...trimmableRules,
  ...discardRules,
  ...notifyRules,
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
  readonly severity: Severity;
  /** It was not hit in the latest evaluation. */
  readonly isCarried?: true;
  /** It has held for long enough. */
  readonly isReported: boolean;
}

/** What has to hold for a while may be gone for a sixth of it, 10 s at most: a collector that fails is blocked for a second. */
const gapShare = 1 / 6;
const gapMostMs = 10 * secondMs;

export interface Evaluation {
  readonly findings: readonly Finding[];
  /** Those that have not held for long enough to be reported. */
  readonly pending: readonly PendingFinding[];
  readonly since: Since;
}

export interface EvaluateOptions {
  /** False: a finding is reported at once. A command that runs once cannot see what will pass. */
  readonly debounce?: boolean;
  readonly limits?: Limits;
  /** Where the runbooks are, as `runbookOf` takes it. */
  readonly runbookUrl?: string;
  /** What the operator has set for findings. Severities are set here, and so for every surface; mutes are not applied. */
  readonly findingOptions?: readonly FindingOption[];
}

/** Judges a host by what it is and how it got there: findings and pending findings, worst first. `before` holds since when each finding holds. */
export function evaluate(
  { host, trends }: Pick<Snapshot, 'host' | 'trends'>,
  before: Since,
  { debounce = true, limits = defaultLimits, runbookUrl, findingOptions = [] }: EvaluateOptions = {},
): Evaluation {
  const findings: Finding[] = [];
  const pending: PendingFinding[] = [];
  const since = new Map<string, Held>();
  const now = host.takenAt;
  const withSeverity = overrideSeverity(findingOptions, now);
  const trendOf = new Map(trends.map((trend) => [trend.pool, trend]));
  for (const rule of rules) {
    const context: Context = {
      trends: trendOf,
      limits,
      before: (subject) => severityAt(before.get(identityOf(rule, subject)), now),
    };
    for (const hit of rule.find(host, context)) {
      const { afterMs = rule.afterMs ?? 0 } = hit;
      const key = identityOf(rule, hit);
      const startedAt = Math.min(before.get(key)?.startedAt ?? now, now);
      const until = now + Math.min(gapMostMs, afterMs * gapShare);
      const isReported = now - startedAt >= (debounce ? afterMs : 0);
      // That of the rule, by which it judges whether the finding goes on.
      since.set(key, { startedAt, until, isReported, severity: hit.severity ?? rule.severity });
      const runbook = runbookOf(rule.alert, runbookUrl);
      const finding = withSeverity({ ...toFinding(rule, hit, startedAt), runbook });
      if (isReported) findings.push(finding);
      else pending.push({ ...finding, since: startedAt, reportedAt: startedAt + afterMs });
    }
  }
  for (const [key, held] of before)
    if (!since.has(key) && now < held.until) since.set(key, { ...held, isCarried: true });
  return { findings: worstFirst(findings), pending: worstFirst(pending), since };
}

function severityAt(held: Held | undefined, now: number): Severity | undefined {
  return held?.isCarried === true && now >= held.until ? undefined : held?.severity;
}

/** Leaves out a time in which nothing was read: what has to hold for a while does not grow older in it. */
export function postpone(before: Since, ms: number): Since {
  return new Map(
    [...before].map(([key, held]) => [
      key,
      {
        ...held,
        startedAt: held.isReported ? held.startedAt : held.startedAt + ms,
        until: held.until + ms,
      },
    ]),
  );
}

function identityOf(rule: Rule, { pool, resource, target, collector, vg }: Subject): string {
  return JSON.stringify([rule.code, pool, resource, target, collector, vg]);
}

function toFinding(rule: Rule, { afterMs: _, ...hit }: Hit, since: number): Finding {
  const { code, severity } = rule;
  return { code, severity, advice: adviceOf(rule), ...hit, since };
}

function worstFirst<Some extends Finding>(findings: readonly Some[]): readonly Some[] {
  return [...findings].sort((one, other) => rank(one) - rank(other));
}

function rank({ severity, code }: Finding): number {
  return severities.indexOf(severity) * 1000 + rules.findIndex((rule) => rule.code === code);
}
