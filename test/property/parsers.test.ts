import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dmRows } from './dm-rows.ts';
import { dockerRows } from './docker-rows.ts';
import { kernelRows } from './kernel-rows.ts';
import { lvmRows } from './lvm-rows.ts';
import { mutate, mutations } from './mutation.ts';
import { namesRows } from './names-rows.ts';
import type { Row } from './row.ts';
import { isExpected } from './soundness.ts';

// Captured text, harmed as a cut, garbled or newer output could be. Longer hunts: FUZZ_RUNS and FUZZ_SEED.
const rows: readonly Row[] = [...dmRows, ...lvmRows, ...kernelRows, ...dockerRows, ...namesRows];
const mutants = 210_000;
const runs = Number(process.env['FUZZ_RUNS'] ?? Math.ceil(mutants / rows.length));
const seed = Number(process.env['FUZZ_SEED'] ?? 1);

/** What is wrong with what a parser makes of text; undefined where it rightly refuses it. */
function judge({ faults }: Row, text: string, original: string): readonly string[] | undefined {
  try {
    return faults(text, original);
  } catch (error) {
    if (isExpected(error)) return undefined;
    throw error;
  }
}

describe.each(rows.map((row) => [row.name, row] as const))('%s', (_, row) => {
  test('reads every captured text without a fault', () => {
    expect(row.seeds.length).toBeGreaterThan(0);
    for (const text of row.seeds) expect(judge(row, text, text)).toEqual([]);
  });

  test('makes nothing false of harmed text', { timeout: 60_000 }, () => {
    let refused = 0;
    const property = fc.property(fc.constantFrom(...row.seeds), mutations, (text, harms) => {
      const mutant = mutate(text, harms, row.focus);
      const found = judge(row, mutant, text);
      if (found === undefined) refused += 1;
      else if (found.length > 0) throw new Error(`${found.join('; ')} in ${JSON.stringify(mutant)}`);
    });
    fc.assert(property, { numRuns: runs, seed });
    // Harm that is always refused, or never, would prove nothing.
    expect(refused).toBeGreaterThan(runs / 50);
    expect(refused).toBeLessThan(runs * 0.98);
  });
});
