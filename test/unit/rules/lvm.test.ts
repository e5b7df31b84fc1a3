import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../src/model/finding.ts';
import type { Pool } from '../../../src/model/pool.ts';
import { evaluate, impatient } from '../../../src/rules/evaluate.ts';
import { planAutoextend } from '../../../src/thinpool/autoextend.ts';
import { recipePool } from '../../support/host.ts';
import { makeHost, makeSpace } from '../../support/makers.ts';

const MiB = 1024 ** 2;
const policy = { thresholdPercent: 80, stepPercent: 20, monitoring: true };

/** 968 MiB of data, `used` percent of it in use, in a VG with room for a step unless told otherwise. */
function poolOf(used: number, parts: Partial<Pool> = {}, given = policy): Pool {
  const dataUsedBlocks = Math.round((1936 * used) / 100);
  const pool: Pool = {
    ...recipePool,
    counters: { ...recipePool.counters!, dataUsedBlocks },
    data: makeSpace(dataUsedBlocks, 1936, 524_288),
    metadata: makeSpace(220, 2048, 4096),
    volumeGroup: { ...recipePool.volumeGroup!, freeBytes: 600 * MiB },
    lvm: { vgName: 'docker', lvName: 'thinpool', role: 'pool', thinCount: 3, monitored: true },
    ...parts,
  };
  return { ...pool, autoextend: planAutoextend(pool, given) };
}

function findingsOf(pool: Pool, host: Partial<Parameters<typeof makeHost>[0]> = {}): readonly Finding[] {
  return evaluate(makeHost({ pools: [pool], ...host }), new Map(), impatient).findings;
}

const told = (pool: Pool, ...codes: readonly string[]) =>
  findingsOf(pool)
    .filter(({ code }) => codes.length === 0 || codes.includes(code))
    .map(({ code, severity }) => `${severity} ${code}`);

describe('a VG that LVM does not change', () => {
  const group = { ...recipePool.volumeGroup!, freeBytes: 600 * MiB };
  const lacking = { ...group, missingPvCount: 1 };

  test.each([
    [{ missingPvCount: 1 }, 'a PV is missing from VG docker', 'vgreduce --removemissing docker'],
    [{ missingPvCount: 2 }, '2 PVs are missing from VG docker', 'vgextend --restoremissing docker'],
    [{ readOnly: true }, 'no permission to write to VG docker', 'vgchange --permission rw docker'],
    [{ exported: true }, 'vgexport was run on VG docker', 'vgimport docker'],
    [{ unknownSegments: true }, 'does not know a segment type in VG docker', 'lvs -a -o+segtype docker'],
  ] as const)('%j says why, and what to do', (parts, why, advice) => {
    const [finding] = findingsOf(poolOf(50, { volumeGroup: { ...group, ...parts } }));
    expect(finding).toMatchObject({ code: 'vg-not-changeable', severity: 'warning', vg: 'docker' });
    expect(finding?.summary).toContain('pool docker-thinpool cannot be extended: ');
    expect(finding?.summary).toContain(why);
    expect(finding?.advice).toContain(advice);
  });

  test.each([
    ['below its threshold', 78, 'warning'],
    ['past it', 82, 'critical'],
  ])('is critical when the pool needs room now: %s', (_, used, severity) => {
    expect(told(poolOf(used, { volumeGroup: lacking }))).toEqual([`${severity} vg-not-changeable`]);
  });

  test('is critical also where nobody extends the pool and it is nearly full', () => {
    const off = { ...policy, thresholdPercent: 100 };
    const severity = (used: number) => told(poolOf(used, { volumeGroup: lacking }, off), 'vg-not-changeable');
    expect(severity(90)).toEqual(['warning vg-not-changeable']);
    expect(severity(97)).toEqual(['critical vg-not-changeable']);
  });

  test('is no finding where it can be changed, or nothing is known of it', () => {
    expect(told(poolOf(50))).toEqual([]);
    const { volumeGroup: _, ...unknown } = poolOf(50);
    expect(told(unknown, 'vg-not-changeable')).toEqual([]);
  });
});

describe('one cause is one finding', () => {
  const full = { volumeGroup: { ...recipePool.volumeGroup!, freeBytes: 36 * MiB } };
  const room = { volumeGroup: { ...recipePool.volumeGroup!, freeBytes: 200 * MiB } };
  const causes = [
    ...['autoextend-no-room', 'autoextend-never', 'autoextend-overdue', 'low-water-mark-passed'],
    ...['autoextend-not-monitored', 'vg-not-changeable'],
  ];
  const causesOf = (pool: Pool) => told(pool, ...causes);
  const table = { ...recipePool.table, lowWaterBlocks: 387 };

  test.each([
    ['too little in the VG for the first step', 50, full, ['warning autoextend-never']],
    ['the same past the threshold, far from full', 86, { ...full, table }, ['warning autoextend-no-room']],
    ['the same, nearly full', 97, { ...full, table }, ['critical autoextend-no-room']],
    ['room for the first step, not for the next', 99, room, ['critical autoextend-no-room']],
    ['room, and not extended', 82, { table }, ['warning autoextend-overdue']],
    [
      'not monitored',
      82,
      { table, lvm: { vgName: 'docker', lvName: 'thinpool', role: 'pool', monitored: false } },
      ['warning autoextend-not-monitored'],
    ],
  ] as const)('%s', (_, used, parts, expected) => {
    expect(causesOf(poolOf(used, parts))).toEqual(expected);
  });

  test('near the minimum free space of who uses the pool is as bad as nearly full', () => {
    const floors = [{ resource: 'data', origin: 'docker', bytes: 97 * MiB }] as const;
    expect(causesOf(poolOf(86, { ...full, floors }))).toEqual(['critical autoextend-no-room']);
  });

  test('an unknown layout has no shortfall, and silences nothing', () => {
    const { layouts: _, ...unknown } = poolOf(82);
    const pool = { ...unknown, autoextend: planAutoextend(unknown, policy), provisionedBytes: 2 ** 40 };
    expect(pool.autoextend.steps.map(({ shortfallBytes }) => shortfallBytes)).toEqual([undefined, undefined]);
    expect(told(pool, ...causes, 'overcommitted-without-reserve')).toEqual([
      'warning autoextend-overdue',
      'info overcommitted-without-reserve',
    ]);
  });

  test('copies and stripes are told', () => {
    const layouts = { data: { areas: 2, dataAreas: 1 }, metadata: { areas: 1, dataAreas: 1 } };
    const [finding] = findingsOf(poolOf(86, { ...room, layouts }));
    expect(finding?.summary).toContain('needs 392 MiB on 2 PVs of its VG for the next extension of data');
    const [early] = findingsOf(poolOf(50, { ...room, layouts }));
    expect(early?.summary).toMatch(/needs 38.4% of the VG on 2 PVs, and the VG lacks 192 MiB$/);
  });
});
