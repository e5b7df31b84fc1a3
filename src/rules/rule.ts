import type { Finding, Severity } from '../model/finding.ts';
import type { Host } from '../model/host.ts';
import type { Pool } from '../model/pool.ts';
import type { FindingCode } from './codes.ts';

/** What a rule found, without what the rule's own row already says. */
export type Hit = Omit<Finding, 'code' | 'severity' | 'advice' | 'since'> & {
  readonly severity?: Severity;
  readonly advice?: string;
};

/** One way in which a host can be unwell. The rows are the documentation too. */
export interface Rule {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** What it means, for the docs: one or two sentences. */
  readonly meaning: string;
  /** What to do, in the order of doing. */
  readonly advice: string;
  /** Reported only when it has held for so long: what passes by itself is no finding. */
  readonly afterMs?: number;
  readonly find: (host: Host) => readonly Hit[];
}

/** What a rule about pools found in one pool: sentences that follow the pool's name. */
export type PoolHit = Omit<Hit, 'pool' | 'summary'> & { readonly says: string };

export interface PoolRule extends Omit<Rule, 'find'> {
  /** It goes by what LVM reports: while LVM is silent about the pool, it is last known. */
  readonly restsOnLvm?: true;
  readonly judge: (pool: Pool, host: Host) => readonly PoolHit[];
}

/** Applies a judgement to every pool. */
export function poolRule({ judge, restsOnLvm, ...rule }: PoolRule): Rule {
  const find = (host: Host): Hit[] =>
    host.pools.flatMap((pool) => {
      const isLastKnown = restsOnLvm === true && pool.lvmLastKnown === true;
      const hits = judge(pool, host);
      return (isLastKnown ? hits.map(toLastKnown) : hits).map(({ says, ...hit }) => ({
        ...hit,
        pool: pool.name,
        summary: `pool ${pool.name} ${says}`,
      }));
    });
  return { ...rule, find };
}

function toLastKnown(hit: PoolHit): PoolHit {
  return { ...hit, says: `${hit.says} (when LVM last reported it)`, lastKnown: true };
}

/** One hit with this sentence if it is the case. */
export function when(isCase: boolean | undefined, says: string): PoolHit[] {
  return isCase === true ? [{ says }] : [];
}
