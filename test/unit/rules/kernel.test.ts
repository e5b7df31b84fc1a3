import { describe, expect, it } from 'vitest';
import type { KernelEvent } from '../../../src/model/facts.ts';
import { evaluate } from '../../../src/rules/evaluate.ts';
import { kernelRules } from '../../../src/rules/kernel.ts';
import { makeHost, makePool } from '../../support/makers.ts';
import { hostWith, tryEachCode } from './each-code.ts';

const codesAfter = (kind: string, ageMs: number) => {
  const event: KernelEvent = { kind, kernelName: 'dm-4', pool: '253:2', count: 1, lastAt: 1_000_000 - ageMs };
  const { findings } = evaluate(makeHost({ pools: [makePool({ kernelEvents: [event] })] }), new Map());
  return findings.map(({ code }) => code);
};

const event = (kind: string, ageMs: number): KernelEvent => ({ kind, count: 1, lastAt: 1_000_000 - ageMs });
const hung = [event('hung_task', 60_000)];

describe('what the kernel reports', () => {
  tryEachCode(kernelRules, {
    'tasks-hang-in-storage': {
      fires: makeHost({ pools: [makePool()], kernelEvents: hung }),
      summary: 'the kernel reports tasks that are blocked in storage',
      // Without a pool it is not about one.
      quiet: makeHost({ kernelEvents: hung }),
    },
    'file-system-errors': {
      fires: hostWith({ kernelEvents: [event('xfs_shutdown', 299_000), event('ext4_error', 1000)] }),
      summary: 'pool vg0-data has file systems with errors: ext4_error, xfs_shutdown',
      quiet: hostWith({ kernelEvents: [event('xfs_shutdown', 300_000)] }),
    },
  });
});

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
