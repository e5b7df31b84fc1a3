import { describe, expect, it } from 'vitest';
import type { Host } from '../../../src/model/host.ts';
import type { PoolTrend } from '../../../src/model/trend.ts';
import { evaluate, findingCodes, rules } from '../../../src/rules/evaluate.ts';
import { blindCases } from './cases/blind.ts';
import { discardCases } from './cases/discards.ts';
import { guestCases } from './cases/guests.ts';
import { kernelCases } from './cases/kernel.ts';
import { layerCases } from './cases/layers.ts';
import { lvmCases } from './cases/lvm.ts';
import { nearlyFullCases } from './cases/nearly-full.ts';
import { notifyCases } from './cases/notify.ts';
import { pagerCases } from './cases/pager.ts';
import { policyCases } from './cases/policy.ts';
import { presenceCases } from './cases/presence.ts';
import { repairCases } from './cases/repair.ts';
import { runningOutCases } from './cases/running-out.ts';
import { spaceCases } from './cases/space.ts';
import { stateCases } from './cases/state.ts';
import type { CodeCases } from './each-code.ts';

const tables: readonly CodeCases[] = [
  stateCases,
  presenceCases,
  guestCases,
  pagerCases,
  blindCases,
  kernelCases,
  runningOutCases,
  spaceCases,
  layerCases,
  nearlyFullCases,
  lvmCases,
  policyCases,
  repairCases,
  discardCases,
  notifyCases,
];
const cases = new Map(tables.flatMap((table) => Object.entries(table)));

it('every code has a host that fires it and one that stays quiet', () => {
  expect(tables.flatMap((table) => Object.keys(table)).sort()).toEqual([...findingCodes].sort());
});

// `npm run mutants` turns a rule off in the test of its name, `CODE fires`.
describe('each code', () => {
  const rows = rules.flatMap((rule) => {
    const one = cases.get(rule.code);
    return one === undefined ? [] : [{ severity: rule.severity, ...one, code: rule.code }];
  });

  it.each(rows)('$code fires', ({ code, fires, firesBy, summary, severity }) => {
    const [found, ...others] = foundIn(code, fires, firesBy);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ code, severity, summary });
    expect(found?.advice).not.toMatch(/undefined|NaN|VG\/POOL|\bPOOL\b/);
  });

  it.each(rows)('$code stays quiet', ({ code, quiet, quietBy }) => {
    expect(foundIn(code, quiet, quietBy)).toEqual([]);
  });
});

function foundIn(code: string, host: Host, trends: readonly PoolTrend[] = []) {
  const { findings } = evaluate({ host, trends }, new Map(), { debounce: false });
  return findings.filter((finding) => finding.code === code);
}
