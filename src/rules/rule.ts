import type { FindingAlertName } from '../model/alert-name.ts';
import type { Finding, Severity } from '../model/finding.ts';
import type { Host } from '../model/host.ts';
import type { Pool, Resource } from '../model/pool.ts';
import type { PoolTrend } from '../model/trend.ts';
import type { Limits } from './limits.ts';

/** What a rule found, without what the rule's own row already says. */
export type Hit = Omit<Finding, 'code' | 'severity' | 'advice' | 'runbook' | 'since'> & {
  readonly severity?: Severity;
  readonly advice?: string;
  /** Where it is not that of the rule. */
  readonly afterMs?: number;
};

/** What distinguishes findings of one code. */
export type Subject = Pick<Finding, 'pool' | 'resource' | 'target' | 'collector' | 'vg'>;

/** What a rule may judge by, besides the host. */
export interface Context {
  /** How the space of each pool has developed, by the name of the pool. */
  readonly trends: ReadonlyMap<string, PoolTrend>;
  readonly limits: Limits;
  /** The severity at which this rule hit the subject in the previous evaluation; undefined if it did not. */
  readonly before: (subject: Subject) => Severity | undefined;
}

/** Commands in it stand in backticks. A function names the pool; it gets none for the docs, which are about any pool. */
export type Advice = string | ((pool: Pool | undefined, resource?: Resource) => string);

/** One way in which a host can be unhealthy. A row is all there is to a finding: docs and alerts are made from it. */
export interface Rule {
  /** Stable over releases: alerts, runbooks and silences name it. */
  readonly code: string;
  readonly severity: Severity;
  /** Single hits may be critical although the rule itself is not. */
  readonly escalates?: true;
  /** `setup`: how a pool is configured, true from the first day; `doctor` reports it. `state`: how the pool is now. */
  readonly about: 'state' | 'setup';
  /** The alert that it raises, at the severity that the finding has. */
  readonly alert: FindingAlertName;
  /** What it means, for the docs: one or two sentences. */
  readonly meaning: string;
  /** What to do, in the order of doing. */
  readonly advice: Advice;
  /** How long it has to hold before it is reported: what passes soon is no finding. */
  readonly afterMs?: number;
  readonly find: (host: Host, context: Context) => readonly Hit[];
}

/** What a rule about pools found in one pool: sentences that follow the pool's name. */
export type PoolHit = Omit<Hit, 'pool' | 'summary'> & { readonly message: string };

export interface PoolRule extends Omit<Rule, 'find'> {
  /** It goes by what LVM reports: while LVM is silent about the pool, it is last known. */
  readonly restsOnLvm?: true;
  readonly judge: (pool: Pool, host: Host, context: Context) => readonly PoolHit[];
}

const none: readonly Hit[] = [];

/** Applies a judgement to every pool. */
export function poolRule({ judge, restsOnLvm, ...rule }: PoolRule): Rule {
  const find = (host: Host, context: Context): Hit[] =>
    host.pools.flatMap((pool) => {
      const hits = judge(pool, host, context);
      if (hits.length === 0) return none;
      const isLastKnown = restsOnLvm === true && pool.lvmLastKnown === true;
      return (isLastKnown ? hits.map(toLastKnown) : hits).map(({ message, ...hit }) => ({
        advice: adviceWhileStuck(rule, pool, adviceOf(rule, pool, hit.resource)),
        ...hit,
        pool: pool.name,
        summary: `pool ${pool.name} ${message}`,
      }));
    });
  return { ...rule, find };
}

/** What was known before the pool stopped responding may advise commands that would hang now. */
function adviceWhileStuck({ code }: Pick<Rule, 'code'>, pool: Pool, advice: string): string {
  const isHarmful = pool.late?.degree === 'stuck' && code !== 'status-stuck' && advice.includes('`');
  return isHarmful
    ? `Not before the pool responds again (status-stuck): until then commands on it hang. Then: ${advice}`
    : advice;
}

function toLastKnown(hit: PoolHit): PoolHit {
  return { ...hit, message: `${hit.message} (when LVM last reported it)`, lastKnown: true };
}

/** The advice for a pool; without one, with placeholders. */
export function adviceOf({ advice }: Pick<Rule, 'advice'>, pool?: Pool, resource?: Resource): string {
  return typeof advice === 'string' ? advice : advice(pool, resource);
}

/** One hit with this message if it is the case. */
export function when(isCase: boolean | undefined, message: string): PoolHit[] {
  return isCase === true ? [{ message }] : [];
}
