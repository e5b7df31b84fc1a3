import type { Severity } from '../../../src/model/finding.ts';
import type { Host } from '../../../src/model/host.ts';
import type { Pool } from '../../../src/model/pool.ts';
import type { PoolTrend } from '../../../src/model/trend.ts';
import { makeHost, makePool } from '../../support/makers.ts';

/** A host on which a rule fires, and one that differs in the one respect that the rule is about. */
export interface CodeCase {
  readonly fires: Host;
  readonly summary: string;
  /** Where it is not the severity of the rule. */
  readonly severity?: Severity;
  readonly quiet: Host;
  /** How the space of the pools developed, where the rule judges by it. */
  readonly firesBy?: readonly PoolTrend[];
  readonly quietBy?: readonly PoolTrend[];
}

/** By the code of the rule. */
export type CodeCases = Readonly<Record<string, CodeCase>>;

/** A host whose only pool is `vg0/data` with the given parts. */
export function hostWith(parts: Partial<Pool> = {}): Host {
  return makeHost({ pools: [lvmPool(parts)] });
}

export function lvmPool(parts: Partial<Pool> = {}): Pool {
  return makePool({ name: 'vg0-data', dmName: 'vg0-data-tpool', vgName: 'vg0', lvName: 'data', ...parts });
}

export function withCounters(parts: Partial<NonNullable<Pool['counters']>>): Pick<Pool, 'counters'> {
  return { counters: { ...makePool().counters!, ...parts } };
}
