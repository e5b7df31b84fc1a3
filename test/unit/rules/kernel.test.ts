import { describe, expect, it } from 'vitest';
import type { EventSum, Pool } from '../../../src/model/pool.ts';
import { judgeHost } from '../../support/judge-host.ts';
import { makeHost, makePool } from '../../support/makers.ts';
import { event, minute } from './cases/kernel.ts';

function findingsOf(kernelEvents: readonly EventSum[], parts: Partial<Pool> = {}) {
  const pool = makePool({ kernelEvents, ...parts });
  return judgeHost(makeHost({ takenAt: 1_000_000_000, pools: [pool] }), new Map()).findings;
}

function findingsOfHost(unassignedEvents: readonly EventSum[], pools = [makePool()]) {
  return judgeHost(makeHost({ takenAt: 1_000_000_000, pools, unassignedEvents }), new Map()).findings;
}

const codesAfter = (kind: string, ageMs: number, parts: Partial<Pool> = {}) =>
  findingsOf([event(kind, ageMs)], parts).map(({ code }) => code);

describe('file-system-errors', () => {
  // Every kind after which data is lost or a file system does not do what its users think.
  it.each([
    'xfs_no_space',
    'writeback_error',
    'ext4_data_lost',
    'ext4_read_only',
    'lost_write',
    'btrfs_read_only',
  ])('after %s', (kind) => expect(codesAfter(kind, minute)).toContain('file-system-errors'));

  it('not of what was long ago, nor of what is harmless', () => {
    expect(codesAfter('writeback_error', 5 * minute + 1000)).not.toContain('file-system-errors');
    expect(codesAfter('discard_not_passed', 1000)).not.toContain('file-system-errors');
    expect(codesAfter('other_storage', 1000)).toEqual(codesAfter('discard_not_passed', 1000));
  });

  it('names the devices, and not too many', () => {
    const devices = ['dm-4 (a)', 'dm-5 (b)', 'dm-6', 'dm-7', 'dm-8', 'dm-9'];
    const { summary } = findingsOf([event('lost_write', 0, { devices })]).find(
      ({ code }) => code === 'file-system-errors',
    ) ?? { summary: '' };
    expect(summary).toContain('lost_write on dm-4 (a), dm-5 (b), dm-6, dm-7 and 2 more');
  });

  it('of what may be recent, where the clock of the log may have drifted', () => {
    const old = event('lost_write', 6 * minute);
    expect(findingsOf([old]).map(({ code }) => code)).not.toContain('file-system-errors');
    const drifted = findingsOf([{ ...old, driftMs: 2 * minute }]);
    expect(drifted.map(({ code }) => code)).toContain('file-system-errors');
  });
});

describe('metadata-damaged', () => {
  it('for an hour, as damage does not heal', () => {
    expect(codesAfter('metadata_damaged', 59 * minute)).toContain('metadata-damaged');
    expect(codesAfter('metadata_damaged', 61 * minute)).not.toContain('metadata-damaged');
  });

  it('not beside a finding that says so already', () => {
    const readOnly = { ...makePool().counters, mode: 'ro' } as Pool['counters'];
    const codes = ['metadata_damaged', 'metadata_operation_failed'].flatMap((kind) => [
      ...codesAfter(kind, 0, { state: 'failed' }),
      ...(readOnly === undefined ? [] : codesAfter(kind, 0, { counters: readOnly })),
    ]);
    expect(codes).toContain('pool-failed');
    expect(codes).not.toContain('metadata-damaged');
  });

  it('until the pool is activated again, where the message says that it stops', () => {
    const { counters } = makePool();
    if (counters === undefined) throw new Error('a pool without counters');
    const checked = { counters: { ...counters, mode: 'rw', needsCheck: false } } as const;
    const { needsCheck: _, ...old } = checked.counters;
    for (const kind of ['metadata_operation_failed', 'metadata_abort_failed', 'needs_check_not_set']) {
      expect(codesAfter(kind, minute, checked)).not.toContain('metadata-damaged');
      // A kernel that does not report the flag.
      expect(codesAfter(kind, minute, { counters: old })).toContain('metadata-damaged');
    }
    for (const kind of ['metadata_damaged', 'metadata_lookup_failed'])
      expect(codesAfter(kind, minute, checked)).toContain('metadata-damaged');
  });

  it('of the host, while it may be any pool, or none is there', () => {
    for (const pools of [[makePool(), makePool({ name: 'b' })], []])
      expect(findingsOfHost([event('metadata_damaged', 0)], pools)).toContainEqual(
        expect.objectContaining({ code: 'metadata-damaged', severity: 'critical', resource: 'metadata' }),
      );
  });
});

describe('storage-errors', () => {
  const severityOf = (...kinds: readonly string[]) =>
    findingsOf(kinds.map((kind) => event(kind, 0))).find(({ code }) => code === 'storage-errors')?.severity;

  it('is a warning, and critical where writes are lost for want of room', () => {
    expect(severityOf('block_error', 'raid_disk_failed')).toBe('warning');
    expect(severityOf('block_error', 'loop_write_error')).toBe('critical');
    expect(severityOf('block_no_space')).toBe('critical');
    expect(severityOf('discard_failed')).toBeUndefined();
  });
});

describe('tasks that hang', () => {
  it('are critical for the pool that they hang in', () => {
    expect(findingsOf([event('hung_task', minute, { devices: ['dm-5 (vg-v)'] })])).toContainEqual(
      expect.objectContaining({
        code: 'tasks-hang-in-storage',
        severity: 'critical',
        pool: 'docker-thinpool',
        summary:
          'pool docker-thinpool has tasks that are blocked in it (kernel messages: hung_task on dm-5 (vg-v))',
      }),
    );
  });

  it('are a warning of the host if the device is unknown', () => {
    const codes = findingsOfHost([event('hung_task', minute)]).map(({ code, severity }) => [code, severity]);
    expect(codes).toContainEqual(['tasks-hang-unassigned', 'warning']);
    expect(codes.flat()).not.toContain('tasks-hang-in-storage');
  });

  it('are nothing to a host without pools', () => {
    expect(findingsOfHost([event('hung_task', minute)], [])).toEqual([]);
  });
});

describe('operations that the kernel refused', () => {
  it('are a warning for a pool that is there', () => {
    expect(findingsOf([event('device_too_small', 0)])).toContainEqual(
      expect.objectContaining({ code: 'operation-refused', severity: 'warning' }),
    );
    expect(codesAfter('volume_creation_failed', 0)).toContain('operation-refused');
  });

  it('are critical where they leave no pool', () => {
    const [finding] = findingsOfHost([event('device_too_small', 0, { devices: ['253:4'] })], []);
    expect(finding).toMatchObject({ code: 'pool-activation-failed', severity: 'critical' });
    expect(finding?.summary).toContain('device too small on 253:4');
  });

  it('are not deletions that Docker defers', () => {
    const info = { kind: 'docker', driver: 'devicemapper', poolUnreadable: false, loopback: false } as const;
    const deferring = { dockerInfo: { ...info, deferredDeletion: true } };
    expect(codesAfter('volume_deletion_failed', 0, deferring)).not.toContain('operation-refused');
    expect(codesAfter('volume_creation_failed', 0, deferring)).toContain('operation-refused');
    const insisting = { dockerInfo: { ...info, deferredDeletion: false } };
    expect(codesAfter('volume_deletion_failed', 0, insisting)).toContain('operation-refused');
    expect(codesAfter('volume_deletion_failed', 0)).toContain('operation-refused');
  });

  it('are of the host where the pool is not known', () => {
    expect(findingsOfHost([event('volume_creation_failed', 0)]).map(({ code }) => code)).toContain(
      'operation-refused',
    );
  });
});
