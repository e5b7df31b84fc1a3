import { describe, expect, it } from 'vitest';
import type { EventSum, Pool } from '../../../src/model/pool.ts';
import { kernelRules } from '../../../src/rules/kernel.ts';
import { judgeHost } from '../../support/judge-host.ts';
import { makeHost, makePool } from '../../support/makers.ts';
import { hostWith, tryEachCode } from './each-code.ts';

const event = (kind: string, ageMs: number, more: Partial<EventSum> = {}): EventSum => ({
  kind,
  count: 1,
  lastAt: 1_000_000_000 - ageMs,
  devices: [],
  ...more,
});

function findingsOf(kernelEvents: readonly EventSum[], parts: Partial<Pool> = {}) {
  const pool = makePool({ kernelEvents, ...parts });
  return judgeHost(makeHost({ takenAt: 1_000_000_000, pools: [pool] }), new Map()).findings;
}

function findingsOfHost(unassignedEvents: readonly EventSum[], pools = [makePool()]) {
  return judgeHost(makeHost({ takenAt: 1_000_000_000, pools, unassignedEvents }), new Map()).findings;
}

const codesAfter = (kind: string, ageMs: number, parts: Partial<Pool> = {}) =>
  findingsOf([event(kind, ageMs)], parts).map(({ code }) => code);
const minute = 60_000;

describe('what the kernel reports', () => {
  const takenAt = 1_000_000_000;
  const inPool = (...kernelEvents: readonly EventSum[]) => ({
    ...hostWith({ kernelEvents }),
    takenAt,
  });
  const inHost = (...unassignedEvents: readonly EventSum[]) =>
    makeHost({ takenAt, pools: [makePool()], unassignedEvents });
  const hung = event('hung_task', minute);
  tryEachCode(kernelRules, {
    'tasks-hang-in-storage': {
      fires: inPool({ ...hung, devices: ['dm-5 (vg-v)'] }),
      summary: 'pool vg0-data has tasks that are blocked in it: hung_task on dm-5 (vg-v)',
      quiet: inHost(hung),
    },
    'tasks-hang-unassigned': {
      fires: inHost(hung),
      summary: 'the kernel reports tasks that are blocked in storage, and does not name the device',
      // Without a pool it is not about one.
      quiet: makeHost({ takenAt, unassignedEvents: [hung] }),
    },
    'file-system-errors': {
      fires: inPool(event('xfs_shutdown', 5 * minute - 1000), event('ext4_error', 1000)),
      summary: 'pool vg0-data has file systems with errors: ext4_error, xfs_shutdown',
      quiet: inPool(event('xfs_shutdown', 5 * minute)),
    },
    'metadata-damaged': {
      fires: inPool(event('metadata_damaged', 59 * minute)),
      summary: 'pool vg0-data has damaged metadata: metadata_damaged',
      quiet: inPool(event('metadata_damaged', 60 * minute)),
    },
    'pool-activation-failed': {
      fires: inHost(event('device_too_small', 0, { devices: ['253:4'] })),
      summary: 'a thin pool could not be activated: device too small on 253:4',
      quiet: inHost(event('table_refused', 0, { devices: ['253:4'] })),
    },
    'storage-errors': {
      fires: inPool(event('block_error', 0, { devices: ['sda'] }), event('buffer_error', 0)),
      summary: 'pool vg0-data reports errors of its storage: block_error on sda; buffer_error',
      quiet: inPool(event('discard_failed', 0, { devices: ['sda'] })),
    },
    'operation-refused': {
      fires: inPool(event('volume_creation_failed', 0)),
      summary: 'pool vg0-data had operations refused by the kernel: volume_creation_failed',
      quiet: inPool(event('table_refused', 0)),
    },
  });
});

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
        summary: 'pool docker-thinpool has tasks that are blocked in it: hung_task on dm-5 (vg-v)',
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

  it('are of the host where the pool is not known', () => {
    expect(findingsOfHost([event('volume_creation_failed', 0)]).map(({ code }) => code)).toContain(
      'operation-refused',
    );
  });
});
