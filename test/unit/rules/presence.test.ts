import { describe, expect, test } from 'vitest';
import type { Host } from '../../../src/model/host.ts';
import type { Pool, ReadTimes } from '../../../src/model/pool.ts';
import { presenceRules } from '../../../src/rules/presence.ts';
import { judgeHost } from '../../support/judge-host.ts';
import { makeHost, makePool, makeSpace, makeUnknownPool } from '../../support/makers.ts';
import { lvmPool, tryEachCode } from './each-code.ts';

const read = (startedAt: number): ReadTimes => ({
  startedAt,
  finishedAt: startedAt + 100,
  expiresAt: startedAt + 200_000,
});
const group = {
  vgName: 'pve',
  sizeBytes: 100,
  freeBytes: 10,
  extentBytes: 1,
  pvNames: ['/dev/sda3'],
  missingPvCount: 0,
};
const failed = (kind: string) => ({ kind, count: 1, lastAt: 1_000_000, devices: [] });
const lv = { vgName: 'pve', lvName: 'data', role: 'pool', sizeBytes: 50, active: false } as const;

function makeInactive(parts: Partial<Pool> = {}): Pool {
  const { device, table, lengthSectors, ...rest } = makeUnknownPool();
  return {
    ...rest,
    name: 'pve-data',
    dmName: 'pve-data',
    presence: 'inactive',
    vgName: 'pve',
    lvName: 'data',
    lvm: lv,
    volumeGroup: group,
    sightings: [
      { by: 'device-mapper', coveredAt: read(2000) },
      { by: 'lvm', coveredAt: read(1000), namedAt: read(1000) },
    ],
    ...parts,
  };
}

const judge = (pool: Pool, host: Partial<Host> = {}) =>
  judgeHost(makeHost({ pools: [pool], ...host }), new Map(), { debounce: false }).findings;
const codes = (pool: Pool, host: Partial<Host> = {}) => judge(pool, host).map(({ code }) => code);

describe('presence', () => {
  const docker = { by: 'docker', coveredAt: read(1000), namedAt: read(1000) } as const;
  const unseen = makeInactive({ name: 'vg0-data', presence: 'unseen', sightings: [docker] });
  const ofLvm = { ...lvmPool(), uuid: 'LVM-x' };
  tryEachCode(presenceRules, {
    'pool-inactive': {
      fires: makeHost({ pools: [makeInactive()] }),
      summary:
        'pool pve-data is not active: LVM lists pve/data, but device-mapper has no device of it, so its volumes cannot be used',
      quiet: makeHost({ pools: [makeInactive({ volumeGroup: { ...group, shared: true } })] }),
    },
    'pool-not-in-kernel': {
      fires: makeHost({ pools: [unseen] }),
      summary: 'pool vg0-data is reported by Docker, but device-mapper does not list it',
      quiet: makeHost({ pools: [unseen], discovered: false }),
    },
    'pool-not-reported': {
      fires: makeHost({ pools: [{ ...unseen, sightings: [{ by: 'docker', namedAt: read(1000) }] }] }),
      summary: 'pool vg0-data has no known figures: Docker, which alone reported it, cannot be read',
      quiet: makeHost({ pools: [unseen] }),
    },
    'lvm-does-not-report-pool': {
      fires: makeHost({ pools: [{ ...ofLvm, sightings: [{ by: 'lvm', coveredAt: read(5000) }] }] }),
      summary:
        'pool vg0-data was created by LVM, but LVM does not report it: monitoring, autoextend and free space in its VG are unknown',
      quiet: makeHost({
        pools: [{ ...ofLvm, sightings: [{ by: 'lvm', coveredAt: read(5000), namedAt: read(5000) }] }],
      }),
    },
  });
});

describe('pool-inactive', () => {
  test('is a warning with what to run, where nothing says why', () => {
    expect(judge(makeInactive())).toMatchObject([
      {
        code: 'pool-inactive',
        severity: 'warning',
        advice: expect.stringContaining('lvchange -ay pve/data'),
      },
    ]);
    expect(judge(makeInactive())[0]).not.toHaveProperty('lastKnown');
  });

  test.each<[string, Partial<Pool>, Partial<Host>]>([
    ['it was active before', { wasActive: true }, {}],
    ['LVM says that it failed', { lvm: { ...lv, health: 'failed' } }, {}],
    ['a PV is missing', { volumeGroup: { ...group, missingPvCount: 1 } }, {}],
    ['the kernel says that it could not be', { kernelEvents: [failed('device_too_small')] }, {}],
  ])('is critical where %s', (_, parts, host) => {
    expect(judge(makeInactive(parts), host)).toMatchObject([{ code: 'pool-inactive', severity: 'critical' }]);
  });

  test('names every reason that the kernel gives, and is the only finding of it', () => {
    const kinds = ['activation_failed', 'device_too_small', 'metadata_damaged', 'mode_fail'];
    const findings = judge(makeInactive({ kernelEvents: kinds.map(failed) }));
    expect(findings).toMatchObject([{ code: 'pool-inactive', severity: 'critical' }]);
    expect(findings[0]?.summary).toContain(
      '(the kernel reported a device of the pool that is smaller than its metadata says, and damaged metadata)',
    );
    expect(judge(makeInactive({ kernelEvents: [failed('activation_failed')] }))[0]?.summary).toContain(
      '(the kernel reported a failed activation)',
    );
  });

  test.each<[string, Partial<Pool>]>([
    ['in a shared VG', { volumeGroup: { ...group, shared: true } }],
    ['in an exported VG', { volumeGroup: { ...group, exported: true } }],
    ['that skips activation', { lvm: { ...lv, skipsActivation: true } }],
    ['that is not activated at boot', { lvm: { ...lv, autoactivated: false } }],
  ])('is no event of a pool %s, not even where it was active before', (_, parts) => {
    expect(judge(makeInactive({ ...parts, wasActive: true }))).toEqual([]);
  });

  test('stays as last known while LVM is silent, and what it knew still counts', () => {
    const { lvm, volumeGroup, ...rest } = makeInactive({ sightings: [{ by: 'lvm', namedAt: read(1000) }] });
    expect(judge(rest)).toMatchObject([{ code: 'pool-inactive', lastKnown: true }]);
    const meant = { lvm: lv, volumeGroup: { ...group, shared: true }, readAt: {} };
    expect(judge({ ...rest, lastLvm: meant })).toEqual([]);
  });

  test('of Stratis has its own advice', () => {
    const uuid = '0123456789abcdef0123456789abcdef';
    const pool = makeInactive({ owner: 'stratis', dmName: `stratis-1-private-${uuid}-thinpool-pool` });
    const [finding] = judge(pool);
    expect(finding?.advice).toContain(`stratis pool start --uuid ${uuid}`);
    expect(finding?.advice).not.toContain('lvchange');
  });
});

describe('a pool that only others report', () => {
  const docker = { by: 'docker', coveredAt: read(1000), namedAt: read(1000) } as const;
  const unseen = makeInactive({ presence: 'unseen', sightings: [docker], data: makeSpace(1, 2, 512) });

  test('is judged by their figures and is no finding of its own while device-mapper cannot be read', () => {
    expect(codes(unseen, { discovered: false })).toEqual([]);
  });

  test('pool-not-in-kernel where device-mapper can be read', () => {
    expect(judge(unseen)).toMatchObject([{ code: 'pool-not-in-kernel', severity: 'warning' }]);
    expect(judge(unseen)[0]?.summary).toContain('is reported by Docker');
  });

  test('pool-not-reported when they fall silent', () => {
    const { data, ...silent } = { ...unseen, sightings: [{ by: 'docker', namedAt: read(1000) }] as const };
    expect(judge(silent, { discovered: false })).toMatchObject([
      { code: 'pool-not-reported', severity: 'warning', lastKnown: true },
    ]);
  });

  test.each([
    ['failed', 'pool-failed'],
    ['metadata_read_only', 'pool-read-only'],
    ['out_of_data', 'data-full'],
  ] as const)('is as sick as LVM says: %s', (health, code) => {
    const pool = { ...unseen, lvm: { ...lv, active: true, health } };
    expect(codes(pool, { discovered: false })).toEqual([code]);
  });

  test('is full where nothing is left', () => {
    const full = {
      origin: 'docker',
      sizeBytes: 100,
      usedBytes: 100,
      freeBytes: 0,
      availableBytes: 0,
    } as const;
    expect(codes({ ...unseen, data: full }, { discovered: false })).toEqual(['data-full']);
  });
});

describe('a pool whose figures LVM alone reports', () => {
  const autoextend = { enabled: true, thresholdPercent: 80, stepPercent: 20 };
  const steps = [{ resource: 'data', stepBytes: 10 }] as const;
  const { blocks, usedBlocks, blockBytes, ...bytes } = makeSpace(90, 100, 2 ** 30);
  const data = { ...bytes, origin: 'lvm', roundingBytes: 1 } as const;
  const unseen = makeInactive({
    presence: 'unseen',
    owner: 'lvm',
    lvm: { ...lv, active: true, thinCount: 1 },
    autoextend: { ...autoextend, steps },
    provisionedBytes: 200 * 2 ** 30,
    data,
  });
  const found = (pool: Pool) => codes(pool, { discovered: false });

  test('is refused volumes as LVM counts, and is not said to be unable to grow', () => {
    expect(found(unseen)).toContain('lvm-refuses-new-volumes');
    expect(found(unseen)).not.toContain('overcommitted-without-reserve');
    expect(found({ ...unseen, autoextend: { ...autoextend, enabled: false, steps: [] } })).toContain(
      'overcommitted-without-reserve',
    );
  });
});

describe('lvm-does-not-report-pool', () => {
  const lacking = {
    autoextend: {
      enabled: true,
      thresholdPercent: 10,
      stepPercent: 20,
      steps: [{ resource: 'data', stepBytes: 10, neededBytes: 10, shortfallBytes: 5 }],
    },
    readAt: { lvm: read(500) },
  } as const;
  const pool = (parts: Partial<Pool>): Pool => ({ ...makePool({ uuid: 'LVM-x' }), ...parts });

  test('where LVM was read and left it out', () => {
    const sightings = [{ by: 'lvm', coveredAt: read(5000) }] as const;
    expect(judge(pool({ sightings, appearedAt: 4000 }))).toMatchObject([
      { code: 'lvm-does-not-report-pool', severity: 'warning' },
    ]);
  });

  test('where it did report it, and no longer does', () => {
    const sightings = [{ by: 'lvm', coveredAt: read(5000), namedAt: read(4000) }] as const;
    expect(codes(pool({ sightings, appearedAt: 0 }))).toEqual(['lvm-does-not-report-pool']);
  });

  test.each<[string, Partial<Pool>]>([
    ['it is reported', { sightings: [{ by: 'lvm', coveredAt: read(5000), namedAt: read(5000) }] }],
    [
      'it was made after LVM was read',
      { sightings: [{ by: 'lvm', coveredAt: read(5000) }], appearedAt: 6000 },
    ],
    ['LVM was never read', { sightings: [{ by: 'lvm' }] }],
    ['it is not made by LVM', { sightings: [] }],
  ])('not where %s', (_, parts) => {
    expect(judge(pool(parts))).toEqual([]);
  });

  test('is critical where the pool could not be extended when LVM last reported it', () => {
    const sightings = [{ by: 'lvm', namedAt: read(500) }] as const;
    const nearlyFull = { sightings, data: makeSpace(3_200_000, 3_276_800, 65_536), lastLvm: lacking };
    expect(judge(pool(nearlyFull))).toMatchObject([
      { code: 'lvm-does-not-report-pool', severity: 'critical', lastKnown: true },
      { code: 'nearly-full' },
    ]);
    expect(judge(pool({ sightings, lastLvm: { readAt: {} } }))).toMatchObject([{ severity: 'warning' }]);
  });
});

test('what LVM last reported is judged as last known', () => {
  const autoextend = { enabled: false, thresholdPercent: 100, stepPercent: 20, steps: [] };
  const pool: Pool = { ...makePool(), autoextend, lvmLastKnown: true };
  expect(judge(pool)).toMatchObject([
    {
      code: 'autoextend-off',
      lastKnown: true,
      summary: expect.stringContaining('when LVM last reported it'),
    },
  ]);
  expect(judge({ ...makePool(), autoextend })[0]).not.toHaveProperty('lastKnown');
});
