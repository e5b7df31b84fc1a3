import { describe, expect, test } from 'vitest';
import type { Output, QueryOptions, Variant } from '../../../../src/collectors/collector.ts';
import { lvm } from '../../../../src/collectors/lvm/lvm.ts';
import { Unsupported } from '../../../../src/collectors/shared/errors.ts';
import type { Host } from '../../../../src/model/host.ts';
import { batchKey } from '../../../../src/safety/batching.ts';
import { emptyHost, recipePool } from '../../../support/host.ts';
import { makeCollector } from '../../../support/makers.ts';

const queryOptions: QueryOptions = { segMonitor: 'auto' };
const dmeventd = { name: 'dmeventd', running: true, frozen: false };
const watched: Host = { ...emptyHost, daemons: [dmeventd] };
const output = (stdout: string, exitCode = 0, stderr = ''): Output => ({
  stdout,
  stderr,
  exitCode,
  takenAt: 0,
});

function query(key: string, host = emptyHost, chosen = queryOptions) {
  return lvm.queries(host, chosen).find((each) => each.key === key)!;
}

function argv(variant: Variant): readonly string[] {
  if (!('command' in variant.input)) throw new Error('a command was expected');
  return variant.input.command;
}

function fields(variant: Variant): readonly string[] {
  return argv(variant)[argv(variant).indexOf('-o') + 1]!.split(',');
}

/** The collector as it fares, with the moments of its latest successes. */
function stateOf(successes: Readonly<Record<string, number>>, late: readonly string[] = []) {
  const queries = Object.entries(successes).map(([key, lastSuccessAt]) => ({
    key,
    lastSuccessAt,
    outcome: late.includes(key) ? ('timed-out' as const) : ('ok' as const),
  }));
  return makeCollector({ name: 'lvm', intervalMs: 60_000, queries });
}

const monitors = (host: Host, segMonitor: QueryOptions['segMonitor']) =>
  query('lvs', host, { ...queryOptions, segMonitor }).variants.map((variant) =>
    argv(variant).some((word) => word.includes('seg_monitor')),
  );

test('one lvs and one vgs over everything', () => {
  expect(lvm.queries(emptyHost, queryOptions).map(({ key, blockedBy }) => [key, blockedBy])).toEqual([
    ['lvs', undefined],
    ['vgs', undefined],
  ]);
  const [json] = query('lvs').variants;
  expect(argv(json).slice(0, 8)).toEqual([
    ...['lvs', '-a', '--reportformat', 'json', '--units', 'b', '--nosuffix', '-o'],
  ]);
  expect(argv(json).at(-2)).toBe('--config');
  expect(argv(json).at(-1)).toContain('log{report_command_log=0');
});

test('variants request less and less', () => {
  const { variants } = query('lvs', watched);
  expect(variants.map(({ name }) => name)).toEqual([
    ...['json-2.03.12', 'json', 'text', 'text-2.02.115', 'text-2.02.99', 'text-2.02.91', 'columns'],
  ]);
  expect(variants.slice(0, 6).map((variant) => fields(variant).length)).toEqual([25, 21, 21, 19, 17, 14]);
  for (const [index, field] of ['lv_check_needed', 'lv_health_status', 'lv_profile'].entries()) {
    expect(fields(variants[index + 2]!)).toContain(field);
    expect(fields(variants[index + 3]!)).not.toContain(field);
  }
  const groupVariants = query('vgs').variants;
  expect(groupVariants.map(({ name }) => name)).toEqual(['json', 'text-pv', 'text', 'text-2.02.91']);
  for (const variant of groupVariants.slice(0, 2)) expect(fields(variant)).toContain('pv_free');
  expect(fields(groupVariants[2]!)).not.toContain('pv_free');
  expect(fields(groupVariants[3]!)).not.toContain('vg_missing_pv_count');
});

test('every variant undoes settings of lvm.conf that would change the report', () => {
  for (const { variants } of lvm.queries(emptyHost, queryOptions))
    for (const variant of variants)
      expect(argv(variant).join(' ')).toContain('report{prefixes=0 columns_as_rows=0');
});

describe('seg_monitor', () => {
  test('is requested if dmeventd runs and responds, from releases that have it', () => {
    expect(monitors(watched, 'auto')).toEqual([true, true, true, true, true, false, true]);
  });

  test.each([
    ['does not run', { ...dmeventd, running: false }],
    ['is stopped', { ...dmeventd, frozen: true }],
    ['is something else', { ...dmeventd, name: 'lvmpolld' }],
  ])('is not requested where dmeventd %s', (_, daemon) => {
    expect(monitors({ ...emptyHost, daemons: [daemon] }, 'auto')).not.toContain(true);
  });

  test('is requested, or not, as configured', () => {
    expect(monitors(emptyHost, 'auto')).not.toContain(true);
    expect(monitors(emptyHost, 'on')).toContain(true);
    expect(monitors(watched, 'off')).not.toContain(true);
  });

  test('of a dmeventd that did not answer is unknown, whatever LVM prints', () => {
    const [variant] = query('lvs', watched).variants;
    const stdout = JSON.stringify({
      report: [
        { lv: [{ vg_name: 'vg', lv_name: 'p', lv_attr: 'twi-aotz--', seg_monitor: 'not monitored' }] },
      ],
    });
    const monitored = (stderr: string) =>
      variant.parse(output(stdout, 0, stderr), undefined).logicalVolumes?.[0]?.monitored;
    expect(monitored('')).toBe(false);
    expect(monitored('  No input from event server.\n')).toBeUndefined();
  });
});

describe('next to a sick pool', () => {
  const sick = { ...recipePool, suspended: true };
  const group = recipePool.volumeGroup!;
  const other = { ...group, vgName: 'data', pvNames: ['/dev/mapper/mpath.a+b', '/dev/sdd1'] };

  test('the queries stay, blocked where no other VG is known', () => {
    for (const { blockedBy } of lvm.queries(
      { ...emptyHost, pools: [sick], volumeGroups: [group] },
      queryOptions,
    ))
      expect(blockedBy).toContain('pool docker-thinpool is suspended');
  });

  const host = { ...emptyHost, pools: [sick], volumeGroups: [group, other] };

  test('another VG is queried on its own, by name, with a filter of its PVs', () => {
    const queries = lvm.queries(host, queryOptions).filter(({ blockedBy }) => blockedBy === undefined);
    expect(queries.map(({ key }) => key)).toEqual(['lvs@data', 'vgs@data']);
    for (const variant of queries.flatMap(({ variants }) => variants)) {
      expect(argv(variant).at(-1)).toBe('data');
      expect(argv(variant).at(-2)).toBe('--');
      expect(argv(variant).at(-3)).toContain(
        'devices{use_devicesfile=0 filter=["a|^/dev/mapper/mpath[.]a[+]b$|","a|^/dev/sdd1$|","r|.*|"]}',
      );
    }
  });

  test('the sick VG keeps only a query of its own that has succeeded, and does not run it', () => {
    const before = stateOf({ lvs: 1, 'lvs@docker': 2 });
    const queries = lvm.queries({ ...host, takenAt: 100_000, collectors: [before] }, queryOptions);
    expect(queries.map(({ key }) => key)).toEqual([
      'lvs',
      'vgs',
      'lvs@docker',
      'vgs@docker',
      'lvs@data',
      'vgs@data',
    ]);
    expect(queries.find(({ key }) => key === 'lvs@docker')?.blockedBy).toContain('is suspended');
  });
});

describe('a VG is queried on its own', () => {
  const group = recipePool.volumeGroup!;
  const volumeGroups = [group, { ...group, vgName: 'data' }];
  const host = { ...emptyHost, takenAt: 100_000, pools: [recipePool], volumeGroups };
  const keys = (...args: Parameters<typeof stateOf>) =>
    lvm.queries({ ...host, collectors: [stateOf(...args)] }, queryOptions).map(({ key }) => key);

  test('not before the whole host would be', () => {
    const sick = { ...recipePool, suspended: true };
    const queries = (takenAt: number) =>
      lvm
        .queries(
          { ...host, takenAt, pools: [sick], collectors: [stateOf({ lvs: 9_000, vgs: 9_000 })] },
          queryOptions,
        )
        .map(({ key }) => key);
    expect(queries(68_999)).toEqual(['lvs', 'vgs']);
    expect(queries(69_000)).toContain('lvs@data');
  });

  test('until the whole host has answered since', () => {
    expect(keys({ lvs: 1, vgs: 1 })).toEqual(['lvs', 'vgs']);
    expect(keys({ lvs: 1, vgs: 1, 'lvs@data': 2 })).toEqual(['lvs', 'vgs', 'lvs@data', 'vgs@data']);
    expect(keys({ lvs: 3, vgs: 1, 'lvs@data': 2, 'vgs@data': 2 })).toContain('vgs@data');
    expect(keys({ lvs: 3, vgs: 3, 'lvs@data': 2, 'vgs@data': 2 })).toEqual(['lvs', 'vgs']);
  });

  test('and stays with its answer while any pool may be sick, blocked', () => {
    const slow = {
      key: batchKey(0),
      startedAt: host.takenAt - 1001,
      lastSuccessAt: host.takenAt - 5000,
    };
    const pools = makeCollector({ name: 'pools', queries: [slow] });
    const collectors = [stateOf({ lvs: 1, vgs: 1, 'lvs@data': 2, 'vgs@data': 2 }), pools];
    const queries = lvm.queries({ ...host, collectors }, queryOptions);
    expect(queries.map(({ key }) => key)).toEqual(['lvs', 'vgs', 'lvs@data', 'vgs@data']);
    for (const { blockedBy } of queries)
      expect(blockedBy).toContain('query of several pools by collector pools is unusually slow');
  });

  test('where the whole host does not answer, and there is more than one', () => {
    expect(keys({ lvs: 1, vgs: 1 }, ['vgs'])).toEqual([
      ...['lvs', 'vgs', 'lvs@docker', 'vgs@docker', 'lvs@data', 'vgs@data'],
    ]);
    const single = { ...host, volumeGroups: [group], collectors: [stateOf({ lvs: 1, vgs: 1 }, ['vgs'])] };
    expect(lvm.queries(single, queryOptions)).toHaveLength(2);
  });
});

test('two VGs of one name are two queries, and LVM sees one at a time', () => {
  const sick = { ...recipePool, suspended: true };
  const group = recipePool.volumeGroup!;
  const twins = ['aaaaaa', 'bbbbbb'].map((uuid, at) => ({
    ...group,
    vgName: 'data',
    vgUuid: uuid.padEnd(32, uuid[0]),
    label: `data@${uuid}`,
    pvNames: [`/dev/sd${at}`],
  }));
  const asked = lvm
    .queries({ ...emptyHost, pools: [sick], volumeGroups: [group, ...twins] }, queryOptions)
    .filter(({ blockedBy }) => blockedBy === undefined);
  expect(asked.map(({ key }) => key)).toEqual([
    ...['lvs@data@aaaaaa', 'vgs@data@aaaaaa', 'lvs@data@bbbbbb', 'vgs@data@bbbbbb'],
  ]);
  expect(asked.map(({ variants: [variant] }) => argv(variant).at(-1))).toEqual([
    'data',
    'data',
    'data',
    'data',
  ]);
});

test('an LV, a VG or a line that cannot be read is counted, and the others are facts', () => {
  const [json] = query('lvs').variants;
  const lv = { vg_name: 'vg', lv_name: 'p', lv_attr: 'twi-aotz--' };
  const stdout = JSON.stringify({ report: [{ lv: [lv, { ...lv, lv_name: 'q', lv_size: 'much' }] }] });
  const found = json.parse(output(stdout), undefined);
  expect(found.logicalVolumes).toHaveLength(1);
  expect(found.unreadable).toEqual([
    { collector: 'lvm', reason: expect.stringContaining('lv_size in bytes as a whole number') },
  ]);
  const [groups] = query('vgs').variants;
  const vg = { vg_name: 'vg', vg_attr: 'wz--n-', vg_size: '8', vg_free: '4', vg_extent_size: '4' };
  const both = JSON.stringify({ report: [{ vg: [vg, { ...vg, vg_name: 'other', vg_free: '9' }] }] });
  expect(groups.parse(output(both), undefined)).toMatchObject({
    volumeGroups: [{ vgName: 'vg' }],
    unreadable: [{ collector: 'lvm' }],
  });
});

describe('answers', () => {
  test('are facts, in every variant', () => {
    const [newest, json, text, , , , columns] = query('lvs').variants;
    const row = fields(text!).map(
      (field) => ({ vg_name: 'vg', lv_name: 'p', lv_attr: 'twi-aotz--' })[field] ?? '',
    );
    const pool = { vgName: 'vg', lvName: 'p', role: 'pool' };
    const given = JSON.stringify({
      report: [{ lv: [{ vg_name: 'vg', lv_name: 'p', lv_attr: 'twi-aotz--' }] }],
    });
    const found = [
      newest.parse(output(given), undefined),
      json!.parse(output(given), undefined),
      text!.parse(output(`  ${row.join('|')}\n`), undefined),
      columns!.parse(output('  LV VG Attr      \n  p  vg twi-aotz--\n'), undefined),
    ];
    for (const { logicalVolumes } of found) expect(logicalVolumes).toMatchObject([pool]);
  });

  test('of vgs too', () => {
    const { variants } = query('vgs');
    const size = { vg_size: '8', vg_free: '4', vg_extent_size: '4', pv_name: '/dev/sda' };
    const row = { vg_name: 'vg', vg_attr: 'wz--n-', vg_missing_pv_count: '1', ...size };
    const found = variants.map((variant) => {
      const values = fields(variant).map((field) => new Map(Object.entries(row)).get(field) ?? '');
      const stdout =
        variant.name === 'json' ? JSON.stringify({ report: [{ vg: [row] }] }) : `${values.join('|')}\n`;
      return variant.parse(output(stdout), undefined).volumeGroups?.[0];
    });
    expect(found.map((group) => group?.missingPvCount)).toEqual([1, 1, 1, 0]);
    expect(found[0]).toMatchObject({ vgName: 'vg', freeBytes: 4, pvNames: ['/dev/sda'] });
  });

  test('that do not know a word lead to the next variant', () => {
    const refusal = output('{"report":[]}', 5, '  Unrecognised field: lv_check_needed\n');
    for (const variant of query('lvs').variants.slice(0, 5))
      expect(() => variant.parse(refusal, undefined)).toThrow(Unsupported);
  });
});
