import { expect, it } from 'vitest';
import type { Severity } from '../../../src/model/finding.ts';
import type { Host } from '../../../src/model/host.ts';
import type { Pool } from '../../../src/model/pool.ts';
import type { Rule } from '../../../src/rules/rule.ts';
import { judgeHost } from '../../support/judge-host.ts';
import { makeHost, makePool } from '../../support/makers.ts';

/** A host on which a rule fires, and one that differs in the one respect that the rule is about. */
export interface CodeCase {
  readonly fires: Host;
  readonly summary: string;
  /** Where it is not the severity of the rule. */
  readonly severity?: Severity;
  readonly quiet: Host;
}

export type CodeCases = Readonly<Record<string, CodeCase>>;

/** Tries every rule; a rule without a case fails, and so does a case without a rule. */
export function tryEachCode(rules: readonly Rule[], cases: CodeCases): void {
  it('has a case for every code', () => {
    expect(Object.keys(cases).sort()).toEqual(rules.map(({ code }) => code).sort());
  });

  const rows = rules.flatMap((rule) => {
    const one = cases[rule.code];
    return one === undefined ? [] : [{ severity: rule.severity, ...one, code: rule.code }];
  });

  it.each(rows)('$code fires', ({ code, fires, summary, severity }) => {
    const [found, ...others] = foundIn(fires, code);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ code, severity, summary });
    expect(found?.advice).not.toMatch(/undefined|NaN|VG\/POOL|\bPOOL\b/);
  });

  it.each(rows)('$code stays quiet', ({ code, quiet }) => {
    expect(foundIn(quiet, code)).toEqual([]);
  });
}

function foundIn(host: Host, code: string) {
  return judgeHost(host, new Map(), { debounce: false }).findings.filter((finding) => finding.code === code);
}

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
