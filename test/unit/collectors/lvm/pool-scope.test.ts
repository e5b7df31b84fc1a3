import { describe, expect, it, test } from 'vitest';
import { lvm } from '../../../../src/collectors/lvm/lvm.ts';
import { ParseError } from '../../../../src/collectors/shared/errors.ts';
import type { VolumeGroup } from '../../../../src/model/facts.ts';
import type { Host } from '../../../../src/model/host.ts';
import { dayMs } from '../../../../src/model/units.ts';
import { emptyHost, recipePool as recipe } from '../../../support/host.ts';
import { makeCollector } from '../../../support/makers.ts';
import { ScriptedHost } from '../../../support/scripted.ts';

const now = 2 * dayMs;
const own: VolumeGroup = { ...recipe.volumeGroup!, vgUuid: 'd'.repeat(32), missingPvCount: 0 };
const recipePool = { ...recipe, uuid: `LVM-${'d'.repeat(32)}${'e'.repeat(32)}-tpool` };
const other: VolumeGroup = { ...own, vgName: 'archive', vgUuid: 'a'.repeat(32), pvNames: ['/dev/sdz'] };
const read = { lastSuccessAt: now - 60_000, startedAt: now - 60_000, outcome: 'ok' } as const;
type Runs = Readonly<Record<string, object>>;
const whole: Runs = { lvs: read, vgs: read };

const hostWith = (parts: Partial<Host> = {}, runs: Runs = whole): Host => ({
  ...emptyHost,
  takenAt: now,
  pools: [recipePool],
  volumeGroups: [own, other],
  collectors: [
    makeCollector({
      name: 'lvm',
      intervalMs: 60_000,
      queries: Object.entries(runs).map(([key, run]) => ({ key, ...run })),
    }),
  ],
  ...parts,
});
const queriesOf = (host: Host, mode: 'watch' | 'once' = 'watch') =>
  lvm.queries(host, { segMonitor: 'auto', lvmScope: 'pools' }, mode);
const keys = (host: Host, mode?: 'watch' | 'once') =>
  queriesOf(host, mode).map(({ key, rests }) => `${key}${rests === true ? ' rests' : ''}`);

const alone = ['lvs rests', 'vgs rests', 'lvs@docker', 'vgs@docker'];
const together = ['lvs', 'vgs', 'lvs@docker', 'vgs@docker'];

describe('with the scope pools', () => {
  it('only VGs with thin pools are read, and only their PVs', () => {
    const queries = queriesOf(hostWith());
    expect(keys(hostWith())).toEqual(alone);
    for (const { variants, rests } of queries)
      for (const { input } of variants) {
        const command = 'command' in input ? input.command.join(' ') : '';
        if (rests !== true) expect(command).toMatch(/filter=\[.*"r\|\.\*\|"\].* -- docker$/);
        expect(command).not.toContain('sdz');
      }
  });

  it('a pool that is not active keeps its VG among them', () => {
    const volume = { vgName: 'archive', vgUuid: other.vgUuid!, lvName: 'p', role: 'pool' } as const;
    const host = hostWith({ logicalVolumes: [volume as never] });
    expect(keys(host)).toContain('lvs@archive');
  });

  it('what runs once, and the scope all, read the whole host', () => {
    expect(keys(hostWith(), 'once')).toEqual(['lvs', 'vgs']);
    expect(lvm.queries(hostWith(), { segMonitor: 'auto', lvmScope: 'all' }, 'watch')).toHaveLength(2);
  });

  const wholeAgain: readonly (readonly [why: string, host: Host, keys: readonly string[]])[] = [
    ['at the start', hostWith({ volumeGroups: [] }, {}), ['lvs', 'vgs']],
    ['until both reports have succeeded', hostWith({}, { lvs: read }), together],
    ['once a day', hostWith({}, { lvs: { ...read, lastSuccessAt: now - dayMs }, vgs: read }), together],
    [
      'when a pool appears in a VG that is not known',
      hostWith({ pools: [recipePool, { ...recipePool, name: 'new', uuid: `LVM-${'b'.repeat(64)}-tpool` }] }),
      together,
    ],
    [
      'while a VG with a pool lacks a PV, which is then not read alone',
      hostWith({ volumeGroups: [{ ...own, missingPvCount: 1 }, other] }),
      ['lvs', 'vgs'],
    ],
    [
      'while no filter can name a VG with a pool',
      hostWith({ volumeGroups: [{ ...own, pvNames: ['/dev/disk|x'] }] }),
      ['lvs', 'vgs'],
    ],
    [
      'when the query of a VG alone has failed',
      hostWith({}, { ...whole, 'lvs@docker': { startedAt: now - 1000, outcome: 'exited' } }),
      together,
    ],
  ];
  it.each(wholeAgain)('the whole host is read: %s', (_, host, expected) => {
    expect(keys(host)).toEqual(expected);
  });

  it('a query that failed starts anew once the whole host has been read since', () => {
    const failed = { startedAt: now - 90_000, outcome: 'exited' };
    expect(keys(hostWith({}, { ...whole, 'vgs@docker': failed }))).toEqual(['lvs rests', 'vgs rests']);
    expect(keys(hostWith())).toEqual(alone);
  });

  it('a sick pool blocks its own VG alone, and nothing is blocked that rests', () => {
    const sick = { ...recipePool, suspended: true };
    const queries = queriesOf(hostWith({ pools: [sick] }));
    expect(queries.filter(({ blockedBy }) => blockedBy !== undefined).map(({ key }) => key)).toEqual([
      'lvs@docker',
      'vgs@docker',
    ]);
  });
});

const uuids = { pve: 'XH5f8l0jzTTeOWZPj3bfHWuOyG1tkqSM', archive: 'a'.repeat(32) };
const lv = 'AowB1yLZI90SDC1VjsAWH5MxxA2GdPj4';
const report = (kind: string, rows: readonly object[]) => JSON.stringify({ report: [{ [kind]: rows }] });
const lvRow = (vg: keyof typeof uuids, name: string, attr: string) => ({
  ...{
    vg_name: vg,
    vg_uuid: uuids[vg],
    lv_name: name,
    lv_uuid: lv,
    lv_attr: attr,
    lv_size: `${409_600 * 512}`,
  },
  ...{ data_percent: '', transaction_id: '32', thin_count: '2' },
});
const vgRow = (vg: keyof typeof uuids, pv: string, missing = 0) => ({
  ...{ vg_name: vg, vg_uuid: uuids[vg], vg_attr: missing ? 'wz-pn-' : 'wz--n-', vg_size: '1073741824' },
  ...{ vg_free: '4096', vg_extent_size: '4096', pv_name: pv, vg_missing_pv_count: `${missing}` },
});

describe('a host watched with the scope pools', () => {
  function open(): ScriptedHost {
    const host = new ScriptedHost(['devices', 'pools', 'lvm'], { lvmScope: 'pools' });
    host.pool('pve-data-tpool', '32 100/1000 500/3200 - rw discard_passdown queue_if_no_space - 250 ', {
      uuid: `LVM-${uuids.pve}${lv}-tpool`,
    });
    const lvs = [lvRow('pve', 'data', 'twi-aotz--')];
    const vgs = [vgRow('pve', '/dev/sda3')];
    host.outputs.set('lvm/lvs', report('lv', lvs)).set('lvm/lvs@pve', report('lv', lvs));
    host.outputs.set('lvm/vgs', report('vg', [...vgs, vgRow('archive', '/dev/sdz')]));
    host.outputs.set('lvm/vgs@pve', report('vg', vgs));
    return host;
  }
  const reads = (host: ScriptedHost, key: string) => host.reads.filter((one) => one === `lvm/${key}`).length;
  const groups = (host: ScriptedHost) =>
    host.monitor
      .current()
      .host.volumeGroups.map(({ vgName, missingPvCount }) => `${vgName} ${missingPvCount}`);
  const codes = (host: ScriptedHost) => host.monitor.current().findings.map(({ code }) => code);

  test('leaves other VGs alone for a day, without a finding, and then looks at all', async () => {
    const host = open();
    await host.pass(10);
    expect(groups(host)).toEqual(['archive 0', 'pve 0']);
    const before = codes(host);
    await host.pass(600);
    expect([reads(host, 'lvs'), reads(host, 'vgs')]).toEqual([1, 1]);
    expect(reads(host, 'lvs@pve')).toBeGreaterThanOrEqual(9);
    expect(groups(host)).toEqual(['pve 0']);
    const { lvm: state } = Object.fromEntries(
      host.monitor.current().host.collectors.map((collector) => [collector.name, collector]),
    );
    expect(state?.status).toBe('ok');
    expect(host.now - (state?.lastSuccessAt ?? 0)).toBeLessThan(61_000);
    expect(codes(host)).toEqual(before);
    host.now += dayMs;
    await host.pass(70);
    expect(reads(host, 'lvs')).toBe(2);
  });

  test('a VG that grew by a disk is not one that lacks a disk', async () => {
    const host = open();
    await host.pass(30);
    const two = [vgRow('pve', '/dev/sda3'), vgRow('pve', '/dev/sdb')];
    host.outputs.set(
      'lvm/vgs@pve',
      report('vg', [vgRow('pve', '/dev/sda3', 1), vgRow('pve', '[unknown]', 1)]),
    );
    host.outputs.set('lvm/vgs', report('vg', two));
    const seen = new Set<string>();
    for (let second = 0; second < 120; second += 1) {
      await host.pass(1);
      for (const group of groups(host)) seen.add(group);
      // LVM sees the new disk as soon as the filter has it.
      if (reads(host, 'vgs') > 1) host.outputs.set('lvm/vgs@pve', report('vg', two));
    }
    expect([...seen].sort()).toEqual(['archive 0', 'pve 0']);
    expect(reads(host, 'vgs')).toBe(2);
    const known = host.monitor.current().host;
    expect(known.volumeGroups[0]?.pvNames).toEqual(['/dev/sda3', '/dev/sdb']);
    expect(known.collectors.find(({ name }) => name === 'lvm')?.status).toBe('ok');
  });

  test('a VG that does lack a disk is reported so, from the whole host', async () => {
    const host = open();
    await host.pass(30);
    const lost = report('vg', [vgRow('pve', '/dev/sda3', 1), vgRow('pve', '[unknown]', 1)]);
    host.outputs.set('lvm/vgs@pve', lost).set('lvm/vgs', lost);
    await host.pass(130);
    expect(groups(host)).toEqual(['pve 1']);
    expect(reads(host, 'vgs')).toBeGreaterThanOrEqual(2);
    expect(host.monitor.current().host.collectors.find(({ name }) => name === 'lvm')?.status).toBe('ok');
  });
});

test('a partial VG is refused by its own query only where a filter may be the reason', () => {
  const parse = (scope: 'all' | 'pools', host: Host) => {
    const vgs = lvm.queries(host, { segMonitor: 'auto', lvmScope: scope }, 'watch');
    const variant = vgs.find(({ key }) => key === 'vgs@docker')!.variants[0];
    const stdout = report('vg', [{ ...vgRow('pve', '/dev/sda3', 1), vg_name: 'docker' }]);
    return () => variant.parse({ stdout, stderr: '', exitCode: 0, takenAt: 0 }, undefined);
  };
  expect(parse('pools', hostWith())).toThrow(ParseError);
  const late = { ...read, outcome: 'timed-out' };
  expect(parse('all', hostWith({}, { lvs: late, vgs: { ...late, lastSuccessAt: 1 } }))).not.toThrow();
});
