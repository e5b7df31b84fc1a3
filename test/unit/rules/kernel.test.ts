import { describe, expect, it } from 'vitest';
import type { KernelEvent } from '../../../src/model/facts.ts';
import { evaluate } from '../../../src/rules/evaluate.ts';
import { makeHost, makePool } from '../../support/makers.ts';

const codesAfter = (kind: string, ageMs: number) => {
  const event: KernelEvent = { kind, kernelName: 'dm-4', pool: '253:2', count: 1, lastAt: 1_000_000 - ageMs };
  const { findings } = evaluate(makeHost({ pools: [makePool({ kernelEvents: [event] })] }), new Map());
  return findings.map(({ code }) => code);
};

describe('file-system-errors', () => {
  // Every kind after which data is lost or a file system does not do what its users think.
  it.each(['xfs_no_space', 'writeback_error', 'ext4_data_lost', 'ext4_read_only'])('after %s', (kind) =>
    expect(codesAfter(kind, 60_000)).toContain('file-system-errors'),
  );

  it('not of what was long ago, nor of what is harmless', () => {
    expect(codesAfter('writeback_error', 301_000)).not.toContain('file-system-errors');
    expect(codesAfter('discard_not_passed', 1000)).not.toContain('file-system-errors');
  });
});
