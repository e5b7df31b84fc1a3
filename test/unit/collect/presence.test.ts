import { describe, expect, test } from 'vitest';
import { ScriptedHost } from '../../support/scripted.ts';

const vg = 'XH5f8l0jzTTeOWZPj3bfHWuOyG1tkqSM';
const lv = 'AowB1yLZI90SDC1VjsAWH5MxxA2GdPj4';
const uuid = `LVM-${vg}${lv}-tpool`;
const status = '32 100/1000 500/3200 - rw discard_passdown queue_if_no_space - 250 ';

/** What lvs prints of the pool, with this state letter and usage. */
const lvs = (attr: string, percent = '', transaction = '32', more: object[] = []) =>
  report('lv', [
    {
      vg_name: 'pve',
      vg_uuid: vg,
      lv_name: 'data',
      lv_uuid: lv,
      lv_attr: attr,
      lv_size: `${409_600 * 512}`,
      data_percent: percent,
      transaction_id: transaction,
      thin_count: '2',
    },
    ...more,
  ]);
const vgs = (attr = 'wz--n-', free = '4096') =>
  report('vg', [
    {
      vg_name: 'pve',
      vg_uuid: vg,
      vg_attr: attr,
      vg_size: '1073741824',
      vg_free: free,
      vg_extent_size: '4096',
      pv_name: '/dev/sda3',
      vg_missing_pv_count: '0',
    },
  ]);
const report = (kind: string, rows: object[]) => JSON.stringify({ report: [{ [kind]: rows }] });
const none = (kind: string) => report(kind, []);

function hostWith(pool: boolean, names: readonly string[] = ['devices', 'pools', 'lvm']): ScriptedHost {
  const host = new ScriptedHost(names);
  if (pool) {
    host.pool('pve-data-tpool', status, { uuid });
    host.linearParts('pve-data');
  } else host.remove('pve-data-tpool');
  return host;
}

const judged = (host: ScriptedHost) => [
  ...new Set(host.monitor.current().findings.map(({ code, severity }) => `${severity} ${code}`)),
];
const pools = (host: ScriptedHost) => host.monitor.current().host.pools;

describe('a pool that LVM lists and device-mapper does not have', () => {
  test('is inactive for as long as LVM lists it', async () => {
    const host = hostWith(false);
    host.outputs.set('lvm/lvs', lvs('twi---tz--')).set('lvm/vgs', vgs());
    await host.pass(10);
    expect(judged(host)).toEqual(['warning pool-inactive']);
    expect(pools(host)).toMatchObject([{ name: 'pve-data', presence: 'inactive', vgName: 'pve' }]);
    expect(pools(host)[0]).not.toHaveProperty('data');
    await host.pass(600);
    expect(judged(host)).toEqual(['warning pool-inactive']);
  });

  test('is the same pool when it is activated, and critical when it goes again', async () => {
    const host = hostWith(false);
    host.outputs.set('lvm/lvs', lvs('twi---tz--')).set('lvm/vgs', vgs());
    await host.pass(10);
    host.pool('pve-data-tpool', status, { uuid });
    host.outputs.set('lvm/lvs', lvs('twi-aotz--', '15.62'));
    await host.pass(10);
    expect(pools(host)).toMatchObject([{ name: 'pve-data', presence: 'active', data: { origin: 'kernel' } }]);
    expect(judged(host)).toEqual([]);
    host.remove('pve-data-tpool');
    host.outputs.set('lvm/lvs', lvs('twi---tz--'));
    await host.pass(30);
    expect(judged(host)).toEqual(['critical pool-inactive']);
  });

  test('stays while LVM is silent, as last known', async () => {
    const host = hostWith(false);
    host.outputs.set('lvm/lvs', lvs('twi---tz--')).set('lvm/vgs', vgs());
    await host.pass(10);
    host.outputs.delete('lvm/lvs');
    await host.pass(400);
    const [finding] = host.monitor.current().findings.filter(({ code }) => code === 'pool-inactive');
    expect(finding).toMatchObject({ severity: 'warning', lastKnown: true });
    expect(host.monitor.current().host.missingPools).toEqual([]);
  });

  test('is gone like any other when LVM lists the VG without it', async () => {
    const host = hostWith(false);
    const root = { vg_name: 'pve', vg_uuid: vg, lv_name: 'root', lv_uuid: `${lv.slice(0, -1)}b` };
    const rest = report('lv', [{ ...root, lv_attr: '-wi-ao----', lv_size: '1' }]);
    host.outputs.set('lvm/lvs', lvs('twi---tz--')).set('lvm/vgs', vgs());
    await host.pass(10);
    host.outputs.set('lvm/lvs', rest);
    await host.pass(90);
    expect(judged(host)).toEqual(['warning pool-missing']);
    expect(pools(host)).toEqual([]);
  });

  test('is no event in a shared VG', async () => {
    const host = hostWith(false);
    host.outputs.set('lvm/lvs', lvs('twi---tz--')).set('lvm/vgs', vgs('wz--ns'));
    await host.pass(10);
    expect(judged(host)).toEqual([]);
    expect(pools(host)).toMatchObject([{ presence: 'inactive' }]);
  });

  test('keeps LVM from nothing', async () => {
    const host = hostWith(false);
    host.outputs.set('lvm/lvs', lvs('twi---tz--')).set('lvm/vgs', vgs());
    await host.pass(130);
    expect(host.reads.filter((asked) => asked === 'lvm/lvs').length).toBeGreaterThan(1);
    expect(host.reads.filter((asked) => asked.startsWith('pools/'))).toEqual([]);
  });
});

describe('a pool that LVM reports in use', () => {
  test('is judged by its figures where device-mapper cannot be read', async () => {
    const host = new ScriptedHost(['devices', 'lvm']);
    host.outputs.set('lvm/lvs', lvs('twi-aotzD-', '100.00')).set('lvm/vgs', vgs());
    await host.pass(10);
    expect(pools(host)).toMatchObject([{ presence: 'unseen', data: { origin: 'lvm', freeBytes: 0 } }]);
    expect(judged(host)).toContain('critical data-full');
  });

  test('has the count of the kernel as soon as that can be read', async () => {
    const host = new ScriptedHost(['devices', 'pools', 'lvm']);
    host.outputs.set('lvm/lvs', lvs('twi-aotz--', '15.62')).set('lvm/vgs', vgs());
    await host.pass(10);
    expect(pools(host)).toMatchObject([{ presence: 'unseen', data: { origin: 'lvm' } }]);
    host.pool('pve-data-tpool', status, { uuid });
    await host.pass(10);
    expect(pools(host)).toMatchObject([{ presence: 'active', data: { origin: 'kernel', usedBlocks: 500 } }]);
  });

  test('and of which the kernel has none, is no pool before LVM is read again', async () => {
    const host = hostWith(true);
    host.outputs.set('lvm/lvs', lvs('twi-aotz--', '15.62')).set('lvm/vgs', vgs());
    await host.pass(10);
    host.remove('pve-data-tpool');
    host.outputs.set('lvm/lvs', none('lv')).set('lvm/vgs', none('vg'));
    await host.pass(30);
    expect(pools(host)).toEqual([]);
    expect(judged(host)).toEqual(['warning pool-missing']);
  });
});

describe('Docker alone', () => {
  const info = (used: string, available: string) =>
    JSON.stringify({
      Driver: 'devicemapper',
      ServerVersion: '20.10.24',
      DriverStatus: [
        ['Pool Name', 'docker-thinpool'],
        ['Pool Blocksize', '524.3kB'],
        ['Data Space Used', used],
        ['Data Space Total', '10.2GB'],
        ['Data Space Available', available],
        ['Metadata Space Used', '11.9MB'],
        ['Metadata Space Total', '104.9MB'],
        ['Metadata Space Available', '92.95MB'],
        ['Thin Pool Minimum Free Space', '1.02GB'],
      ],
    });

  test('shows a pool, and its alert', async () => {
    const host = new ScriptedHost(['devices', 'docker']);
    host.outputs.set('docker/info', info('7.039GB', '3.162GB'));
    await host.pass(5);
    expect(pools(host)).toMatchObject([
      { name: 'docker-thinpool', presence: 'unseen', data: { origin: 'docker', freeBytes: 3_162_000_000 } },
    ]);
    expect(judged(host)).toEqual([]);
    host.outputs.set('docker/info', info('9.3GB', '900MB'));
    await host.pass(65);
    expect(judged(host)).toEqual(['critical runs-out-in-minutes', 'critical below-minimum-free']);
  });

  test('that falls silent leaves a pool of which nothing is known', async () => {
    const host = new ScriptedHost(['devices', 'docker']);
    host.outputs.set('docker/info', info('9.3GB', '900MB'));
    await host.pass(5);
    host.outputs.delete('docker/info');
    await host.pass(300);
    expect(judged(host)).toContain('warning pool-not-reported');
    expect(pools(host)[0]).not.toHaveProperty('data');
  });
});

describe('a pool whose activation the kernel refused', () => {
  test('is one finding, also while LVM is silent', async () => {
    const host = hostWith(false, ['devices', 'pools', 'lvm', 'kmsg']);
    host.outputs.set('lvm/lvs', lvs('twi---tz--')).set('lvm/vgs', vgs());
    const log =
      '#monotonic 9000000\n3,1,8000000,-;device-mapper: thin: 253:4: pool target (8 blocks) too small: expected 9\n';
    host.outputs.set('kmsg/log', log);
    await host.pass(10);
    expect(judged(host)).toEqual(['critical pool-inactive']);
    host.outputs.set('lvm/lvs', none('lv')).set('lvm/vgs', none('vg'));
    await host.pass(300);
    expect(judged(host)).toEqual(['critical pool-inactive']);
    expect(host.monitor.current().host.unassignedEvents).toEqual([]);
  });
});

describe('LVM that leaves out a pool of its own', () => {
  const policy = 'thin_pool_autoextend_threshold=70\nthin_pool_autoextend_percent=20\nmonitoring=1\n';

  test('takes nothing away before it is too old, and then says so', async () => {
    const host = hostWith(true, ['devices', 'pools', 'lvm', 'lvmpolicy']);
    const nearly = '32 100/1000 3100/3200 - rw discard_passdown queue_if_no_space - 250 ';
    host.pool('pve-data-tpool', nearly, { uuid });
    host.outputs.set('lvm/lvs', lvs('twi-aotz--', '78.12')).set('lvm/vgs', vgs());
    host.outputs.set('lvmpolicy/default', policy);
    await host.pass(20);
    const lacking = ['critical autoextend-no-room', 'warning autoextend-never'];
    expect(judged(host)).toEqual(lacking);
    host.outputs.set('lvm/lvs', none('lv')).set('lvm/vgs', none('vg'));
    await host.pass(120);
    expect(judged(host)).toEqual([
      'critical autoextend-no-room',
      'warning lvm-does-not-report-pool',
      'warning autoextend-never',
    ]);
    const [lastKnown] = host.monitor.current().findings;
    expect(lastKnown).toMatchObject({ lastKnown: true });
    await host.pass(200);
    expect(judged(host)).toEqual(['critical lvm-does-not-report-pool']);
    host.outputs.set('lvm/lvs', lvs('twi-aotz--', '78.12')).set('lvm/vgs', vgs());
    await host.pass(65);
    expect(judged(host)).toContain('critical autoextend-no-room');
    expect(judged(host).join()).not.toContain('lvm-does-not-report-pool');
  });

  test('and one whose VG alone it leaves out', async () => {
    const host = hostWith(true, ['devices', 'pools', 'lvm', 'lvmpolicy']);
    host.outputs.set('lvm/lvs', lvs('twi-aotz--', '15.62')).set('lvm/vgs', vgs());
    host.outputs.set('lvmpolicy/default', policy);
    await host.pass(20);
    const before = judged(host);
    expect(before).toContain('warning autoextend-never');
    host.outputs.set('lvm/vgs', none('vg'));
    await host.pass(120);
    expect(judged(host)).toEqual(before);
    expect(host.monitor.current().findings[0]).toMatchObject({ lastKnown: true });
    await host.pass(200);
    expect(judged(host)).toEqual(['warning lvm-does-not-report-pool']);
    expect(host.monitor.current().findings[0]?.summary).toContain('but its VG has not been');
  });

  test('but the policy of LVM, which is a setting, holds while it cannot be read', async () => {
    const host = hostWith(true, ['devices', 'pools', 'lvm', 'lvmpolicy']);
    host.outputs.set('lvm/lvs', lvs('twi-aotz--', '15.62')).set('lvm/vgs', vgs());
    host.outputs.set('lvmpolicy/default', policy);
    await host.pass(20);
    host.outputs.delete('lvmpolicy/default');
    await host.pass(1500);
    expect(judged(host)).toContain('warning autoextend-never');
    expect(judged(host)).toContain('warning collector-failing');
  });
});
