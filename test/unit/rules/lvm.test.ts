import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../src/model/finding.ts';
import type { Pool } from '../../../src/model/pool.ts';
import { defaultLimits } from '../../../src/rules/limits.ts';
import { lvmRules } from '../../../src/rules/lvm.ts';
import { planAutoextend } from '../../../src/thinpool/autoextend.ts';
import { recipePool } from '../../support/host.ts';
import { judgeHost } from '../../support/judge-host.ts';
import { makeHost, makeSpace } from '../../support/makers.ts';
import { tryEachCode } from './each-code.ts';

const MiB = 1024 ** 2;
const policy = { thresholdPercent: 80, stepPercent: 20, monitoring: true };

/** 968 MiB of data, `used` percent of it in use, in a VG with room for a step by default. */
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
  return judgeHost(makeHost({ pools: [pool], ...host }), new Map(), { debounce: false }).findings;
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
    [{ readOnly: true }, 'VG docker is read-only', 'vgchange --permission rw docker'],
    [{ exported: true }, 'VG docker is exported', 'vgimport docker'],
    [
      { unknownSegments: true },
      'VG docker has a segment type that this LVM does not know',
      'lvs -a -o+segtype docker',
    ],
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
    const own = ['vg-not-changeable', 'autoextend-no-room', 'autoextend-overdue', 'autoextend-never'];
    expect(told(poolOf(used, { volumeGroup: lacking }), ...own)).toEqual([`${severity} vg-not-changeable`]);
  });

  test('is critical also if nothing extends the pool and it is nearly full', () => {
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
    const minimumFrees = [{ resource: 'data', origin: 'docker', bytes: 97 * MiB }] as const;
    expect(causesOf(poolOf(86, { ...full, minimumFrees }))).toEqual(['critical autoextend-no-room']);
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

  test('copies and stripes are reported', () => {
    const layouts = { data: { areas: 2, dataAreas: 1 }, metadata: { areas: 1, dataAreas: 1 } };
    const finding = findingsOf(poolOf(86, { ...room, layouts })).find(({ code }) => code === causes[0]);
    expect(finding?.summary).toContain(
      'needs 392 MiB on 2 PVs for the next extension of data, and VG docker is 192 MiB short',
    );
    const [early] = findingsOf(poolOf(50, { ...room, layouts }));
    expect(early?.summary).toMatch(/needs 38.4% of VG docker on 2 PVs, which is 192 MiB short$/);
  });
});

describe('LVM refuses new volumes', () => {
  const code = 'lvm-refuses-new-volumes';
  const full = { volumeGroup: { ...recipePool.volumeGroup!, freeBytes: 36 * MiB } };
  const found = (pool: Pool) => findingsOf(pool).find((finding) => finding.code === code);
  const metadata = (used: number) => ({ metadata: makeSpace(used, 28_672, 4096) });
  const off = { ...policy, thresholdPercent: 100 };

  test('above the autoextend threshold that does not work', () => {
    expect(found(poolOf(90, full))).toMatchObject({
      severity: 'warning',
      pool: 'docker-thinpool',
      resource: 'data',
      summary:
        'LVM refuses new thin volumes and snapshots in pool docker-thinpool: 89.98% of its data is used, above its autoextend threshold of 80%',
      advice:
        'Add a PV to VG docker, which has 36.0 MiB free, and extend the pool: `vgextend docker DEVICE`. Or remove thin volumes and snapshots that are not needed (`lvremove`).',
    });
  });

  test('with the command that helps, where the VG has room', () => {
    expect(found(poolOf(90))?.advice).toContain(
      'Extend the pool: `lvextend -L +151M docker/thinpool`. Or remove',
    );
    const finding = found(poolOf(50, metadata(27_811), off));
    expect(finding?.summary).toContain("97.00% of its metadata is used, above LVM's limit of 96.43%");
    expect(finding?.advice).toContain('lvextend --poolmetadatasize +112M docker/thinpool');
  });

  test('is a warning, unless volumes are created all the time', () => {
    const pools = [poolOf(97, full), poolOf(50, metadata(27_811), off)];
    const severityOf = (pool: Pool, limits = defaultLimits) =>
      judgeHost(makeHost({ pools: [pool] }), new Map(), { debounce: false, limits }).findings.find(
        (finding) => finding.code === code,
      )?.severity;
    for (const pool of pools) {
      expect(severityOf(pool)).toBe('warning');
      expect(severityOf(pool, { ...defaultLimits, lvmRefusal: 'critical' })).toBe('critical');
    }
  });

  test('at the limit it is uncertain', () => {
    expect(found(poolOf(81))?.summary).toBe(
      'pool docker-thinpool is at the limit above which LVM refuses new thin volumes and snapshots: 80.99% of its data is used, and its autoextend threshold of 80% is reached',
    );
  });

  test.each<[string, Pool]>([
    ['below the limit', poolOf(79, full)],
    ['nobody extends it, and its metadata is not full', poolOf(97, full, off)],
    ['LVM made no volume in it', poolOf(90, { ...full, lvm: { ...poolOf(0).lvm!, thinCount: 0 } })],
    ['it is read-only', withMode(poolOf(90, full), { mode: 'ro' })],
    ['it needs a check', withMode(poolOf(90, full), { needsCheck: true })],
    ['it is full', poolOf(100, full)],
    ['its status is not known', withoutState(poolOf(90, full))],
  ])('not where %s', (_, pool) => {
    expect(found(pool)).toBeUndefined();
  });

  test('not before an extension had its time', () => {
    const host = (takenAt: number) => makeHost({ pools: [poolOf(90)], takenAt });
    const start = judgeHost(host(1_000_000), new Map());
    const codesAt = (seconds: number) =>
      judgeHost(host(1_000_000 + seconds * 1000), start.since).findings.map((finding) => finding.code);
    expect(start.findings.map((finding) => finding.code)).not.toContain(code);
    expect(codesAt(179)).not.toContain(code);
    expect(codesAt(180)).toContain(code);
  });
});

function withMode(pool: Pool, counters: Partial<NonNullable<Pool['counters']>>): Pool {
  return { ...pool, counters: { ...pool.counters!, ...counters } };
}

function withoutState({ state: _, ...pool }: Pool): Pool {
  return pool;
}

describe('metadata at its largest size', () => {
  const counters = { ...recipePool.counters!, metadataUsedBlocks: 4_145_152, metadataBlocks: 4_145_152 };
  const large = poolOf(50, { counters, metadata: makeSpace(4_145_152, 4_145_152, 4096) });
  const limit = (pool: Pool) => findingsOf(pool).find((finding) => finding.code === 'metadata-limit');

  test("is LVM's old one: the last 64 MiB, and then something else", () => {
    expect(limit(large)?.advice).toMatch(
      /^LVM 2\.03\.12 and later can add the last 64\.0 MiB: `lvextend --poolmetadatasize \+64M docker\/thinpool`\. .* larger chunks\.$/,
    );
  });

  test('also while nothing is known of the VG', () => {
    const { volumeGroup: _, ...unknown } = large;
    expect(limit(unknown)?.advice).toContain('lvextend --poolmetadatasize +64M docker/thinpool');
  });

  test.each<[string, Pool]>([
    ['the VG is full', { ...large, volumeGroup: { ...large.volumeGroup!, freeBytes: 0 } }],
    [
      'the kernel uses no more',
      {
        ...large,
        counters: { ...counters, metadataUsedBlocks: 4_161_600, metadataBlocks: 4_161_600 },
        metadata: makeSpace(4_161_600, 4_161_600, 4096),
      },
    ],
  ])('has no command where %s', (_, pool) => {
    expect(limit(pool)?.advice).toBe(
      'Delete snapshots and volumes that are not needed, or move them to a pool with larger chunks.',
    );
  });

  test('is the limit of LVM alone: another owner extends up to the kernel’s', () => {
    const codes = findingsOf({ ...large, owner: 'docker' }).map((finding) => finding.code);
    expect(codes).toContain('metadata-full');
    expect(codes).not.toContain('metadata-limit');
  });

  test('nothing says that it is to be extended', () => {
    const almost = { ...counters, metadataUsedBlocks: 4_145_100, dataUsedBlocks: 400 };
    const space = makeSpace(4_145_100, 4_145_152, 4096);
    const minimumFrees = [{ resource: 'metadata', origin: 'docker', bytes: 2 ** 30 }] as const;
    const pool = { ...large, counters: almost, metadata: space, minimumFrees };
    const advices = findingsOf(pool)
      .filter(({ resource }) => resource === 'metadata')
      .map(({ code, advice }) => [code, advice.includes('can add the last 64.0 MiB')]);
    expect(advices).toEqual([
      ['below-minimum-free', true],
      ['nearly-full', true],
      ['metadata-before-data', true],
      ['lvm-refuses-new-volumes', true],
    ]);
  });
});

const { volumeGroup: sound, ...elsewhere } = poolOf(90);
tryEachCode(lvmRules, {
  'lvm-refuses-new-volumes': {
    fires: makeHost({ pools: [poolOf(90)] }),
    summary:
      'LVM refuses new thin volumes and snapshots in pool docker-thinpool: 89.98% of its data is used, above its autoextend threshold of 80%',
    quiet: makeHost({ pools: [poolOf(79)] }),
  },
  'vg-not-changeable': {
    fires: makeHost({ pools: [{ ...elsewhere, volumeGroup: { ...sound!, exported: true } }] }),
    severity: 'critical',
    summary: 'pool docker-thinpool cannot be extended: VG docker is exported',
    quiet: makeHost({ pools: [{ ...elsewhere, volumeGroup: sound! }] }),
  },
});
