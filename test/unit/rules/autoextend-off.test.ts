import { expect, test } from 'vitest';
import { evaluate, impatient } from '../../../src/rules/evaluate.ts';
import { planAutoextend } from '../../../src/thinpool/autoextend.ts';
import { emptyHost, recipePool } from '../../support/host.ts';

function summaries(thresholdPercent: number, monitoring: boolean): readonly string[] {
  const policy = { thresholdPercent, stepPercent: 20, monitoring };
  const pool = { ...recipePool, autoextend: planAutoextend(recipePool, policy) };
  const { findings } = evaluate({ ...emptyHost, pools: [pool] }, new Map(), impatient);
  return findings.filter(({ code }) => code === 'autoextend-off').map(({ summary }) => summary);
}

test('what keeps LVM from extending is named', () => {
  const pool = 'pool docker-thinpool has autoextend disabled';
  expect(summaries(100, true)).toEqual([`${pool} (threshold 100%)`]);
  expect(summaries(80, false)).toEqual([`${pool} (activation/monitoring is 0)`]);
  expect(summaries(80, true)).toEqual([]);
});
