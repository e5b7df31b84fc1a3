import { describe, expect, it } from 'vitest';
import { collectors } from '../../../src/collectors/index.ts';
import { renderFacts } from '../../../src/metrics/exposition.ts';
import { severities } from '../../../src/model/finding.ts';
import { defaultLimits } from '../../../src/rules/limits.ts';
import { readiness } from '../../../src/rules/readiness.ts';
import { ScriptedHost } from '../../support/scripted.ts';

const healthy = '1 20/1024 100/3200 - rw discard_passdown queue_if_no_space - 256 ';
const full = '1 20/1024 3200/3200 - out_of_data_space discard_passdown queue_if_no_space - 256 ';
const dm = ['devices', 'pools', 'volumes'];

const codes = ({ monitor }: ScriptedHost) =>
  monitor.current().findings.map(({ code, pool }) => `${code} ${pool ?? ''}`.trim());
const pool = ({ monitor }: ScriptedHost, name = 'p') =>
  monitor.current().host.pools.find((candidate) => candidate.name === name);

describe('other settings for a running monitor', () => {
  const settings = (mode: 'auto' | 'off', intervalMs: number) => ({
    collectors: collectors.map((collector) => ({
      collector,
      mode: collector.name === 'pools' ? mode : ('auto' as const),
      settings: { intervalMs, timeoutMs: 900 },
    })),
    queryOptions: { segMonitor: 'auto' as const },
    assemble: { maxVolumes: 100, minimumFree: [{ percent: 50 }] },
    missingRetentionMs: 60_000,
    limits: { ...defaultLimits, warningRatio: 0.02 },
  });

  it('take effect at once, and forget nothing', async () => {
    const host = new ScriptedHost(dm);
    host.pool('p', healthy);
    await host.pass(2);
    host.monitor.reconfigure(settings('auto', 2000));
    expect(pool(host)?.data).toMatchObject({ usedBlocks: 100 });
    expect(pool(host)?.minimumFrees.map(({ origin }) => origin)).toContain('option');
    await host.pass(1);
    expect(host.monitor.current().pending.map(({ code }) => code)).toContain('nearly-full');
    host.reads.length = 0;
    await host.pass(10);
    expect(host.reads.filter((read) => read === 'pools/p').length).toBeGreaterThanOrEqual(4);
  });

  it('turn a collector off and on', async () => {
    const host = new ScriptedHost(dm);
    host.pool('p', healthy);
    await host.pass(2);
    host.monitor.reconfigure(settings('off', 2000));
    host.reads.length = 0;
    await host.pass(10);
    expect(host.reads).not.toContain('pools/p');
    expect(pool(host)?.data).toBeUndefined();
    const state = host.monitor.current().host.collectors.find(({ name }) => name === 'pools');
    expect(state?.status).toBe('off');
    host.monitor.reconfigure(settings('auto', 2000));
    await host.pass(2);
    expect(pool(host)?.data).toMatchObject({ usedBlocks: 100 });
  });
});

describe('a muted finding', () => {
  const mute = {
    code: 'data-full-queueing',
    severity: 'muted',
    pool: 'p',
    until: '2027-01-31',
    endsAt: 1_000_000 + 60_000,
    reason: 'it is being emptied',
    where: 'o.yaml:3',
  } as const;

  it('raises nothing, and is shown as muted, until the mute ends', async () => {
    const host = new ScriptedHost(dm, { findingOptions: [mute] });
    host.pool('p', full);
    await host.pass(10);
    expect(codes(host)).not.toContain('data-full-queueing p');
    const { host: known, findings, pending, trends, muted = [] } = host.monitor.current();
    expect(muted).toMatchObject([
      { code: 'data-full-queueing', severity: 'critical', mutedBecause: 'it is being emptied' },
    ]);
    const text = await renderFacts({ host: known, findings, pending, trends, muted }, 'text');
    expect(text).not.toContain('thinpool_finding{code="data-full-queueing"');
    expect(text).toContain(
      'thinpool_finding_muted_until_timestamp_seconds{code="data-full-queueing",severity="critical",pool="p",resource="data",target="",collector="",vg=""} 1060\n',
    );
    expect(host.logged.join()).not.toContain('mute');
    await host.pass(60);
    expect(codes(host)).toContain('data-full-queueing p');
    expect(host.monitor.current().muted).toBeUndefined();
    const ends = host.logged.filter((line) => line.includes('A mute has ended'));
    expect(ends).toHaveLength(1);
    expect(ends[0]).toContain('o.yaml:3: the mute of data-full-queueing for pool p ended on 2027-01-31');
  });
});

describe('a finding whose severity is set', () => {
  const options = [
    {
      code: 'data-full-queueing',
      severity: 'info',
      until: '2027-01-31',
      endsAt: 1_000_000 + 60_000,
      reason: 'it is a test pool',
      where: 'o.yaml:3',
    },
  ] as const;

  it('has it everywhere, with the one that it would have, until a reload or the last day', async () => {
    const host = new ScriptedHost(dm, { findingOptions: options });
    host.pool('p', full);
    await host.pass(10);
    const snapshot = host.monitor.current();
    const own = snapshot.findings.find(({ code }) => code === 'data-full-queueing');
    expect(own).toMatchObject({
      severity: 'info',
      severityWas: 'critical',
      severityBecause: 'it is a test pool',
    });
    expect(snapshot.findings.map(({ severity }) => severity)).toEqual(
      [...snapshot.findings.map(({ severity }) => severity)].sort(
        (one, other) => severities.indexOf(one) - severities.indexOf(other),
      ),
    );
    const text = await renderFacts(snapshot, 'text');
    const about = 'pool="p",resource="data",target="",collector="",vg=""';
    expect(text).toContain(`thinpool_finding{code="data-full-queueing",severity="info",${about}} 1\n`);
    expect(text).toContain(
      `thinpool_finding_overridden{code="data-full-queueing",severity="info",${about},was="critical"} 1\n`,
    );
    host.monitor.reconfigure({ ...host.settings, findingOptions: [] });
    const reloaded = host.monitor.current();
    expect(reloaded.findings.find(({ code }) => code === 'data-full-queueing')?.severity).toBe('critical');
    expect(await renderFacts(reloaded, 'text')).not.toContain('thinpool_finding_overridden{');
    host.monitor.reconfigure({ ...host.settings, findingOptions: options });
    await host.pass(60);
    expect(host.monitor.current().findings[0]).toMatchObject({ severity: 'critical' });
    const ends = host.logged.filter((line) => line.includes('A severity has ended'));
    expect(ends).toHaveLength(1);
    expect(ends[0]).toContain('the severity info of data-full-queueing ended on 2027-01-31');
  });
});

describe('pools that are left out', () => {
  const start = async (status: string) => {
    const host = new ScriptedHost(dm, { pools: { exclude: ['left*'] } });
    host.pool('p', healthy);
    host.pool('left-out', status, { minor: 3 });
    await host.pass(2);
    return host;
  };

  it('have no metrics and no findings, and are counted', async () => {
    const host = await start(full);
    await host.pass(60);
    const { host: shown, findings, pending, trends } = host.monitor.current();
    expect(shown.pools.map(({ name }) => name)).toEqual(['p']);
    expect(shown.excludedPools).toBe(1);
    expect([...findings, ...pending].filter((finding) => finding.pool === 'left-out')).toEqual([]);
    const page = await renderFacts({ host: shown, findings, pending, trends }, 'text');
    expect(page).toContain('thinpool_pools_excluded 1\n');
    expect(page).not.toContain('pool="left-out"');
  });

  it('are not missed when they are gone', async () => {
    const host = await start(full);
    host.remove('left-out');
    await host.pass(50);
    expect(host.monitor.current().host.missingPools).toEqual([]);
    expect(codes(host)).toEqual([]);
  });

  it('still keep LVM from running while they hang', async () => {
    const host = new ScriptedHost([...dm, 'lvm'], { pools: { exclude: ['left*'] } });
    host.pool('p', healthy);
    host.pool('left-out', healthy, { minor: 3 });
    host.outputs.set('pools/left-out', 'hang');
    await host.pass(10);
    const lvm = host.monitor.current().host.collectors.find(({ name }) => name === 'lvm');
    expect(lvm?.blocked).toContain('pool left-out');
  });

  it('are none without a filter, and nothing counts them', async () => {
    const host = new ScriptedHost(dm);
    host.pool('p', healthy);
    await host.pass(2);
    const { host: shown, findings, trends } = host.monitor.current();
    const page = await renderFacts({ host: shown, findings, pending: [], trends }, 'text');
    expect(page).not.toContain('thinpool_pools_excluded');
  });
});

describe('a pool whose status hangs', () => {
  const start = async (status: string) => {
    const host = new ScriptedHost(dm);
    host.pool('p', status);
    host.pool('other', healthy, { minor: 3 });
    await host.pass(2);
    expect(readiness(host.monitor.current().host)).toEqual([]);
    host.outputs.set('pools/p', 'hang');
    return host;
  };

  it('is called stuck, loses its values at their age limit, and hides no other', async () => {
    const host = await start(healthy);
    await host.pass(12);
    expect(codes(host)).toContain('status-stuck p');
    expect(readiness(host.monitor.current().host)).toEqual(['pool p: a query by pools is overdue']);
    await host.pass(10);
    expect(pool(host)?.data).toBeUndefined();
    expect(pool(host, 'other')).toMatchObject({ state: 'readable', data: { usedBlocks: 100 } });
    expect(host.now - (pool(host, 'other')?.statusTakenAt ?? 0)).toBeLessThanOrEqual(5000);
    const { host: known, findings } = host.monitor.current();
    const page = await renderFacts({ host: known, findings, pending: [], trends: [] }, 'text');
    expect(page).not.toContain('thinpool_data_used_blocks{pool="p"}');
    expect(page).toContain('thinpool_up{pool="p"} 0');
    expect(page).toMatch(/thinpool_collector_stuck_seconds\{collector="pools"\} (1\d|2\d)/);
  });

  it('is queried once only, however long it hangs', async () => {
    const host = await start(healthy);
    host.reads.length = 0;
    await host.pass(300);
    expect(host.reads.filter((place) => place === 'pools/p').length).toBeLessThanOrEqual(1);
    expect(host.reads.filter((place) => place === 'pools/other').length).toBeGreaterThan(55);
  });

  it('keeps the state it was last known in, and says that it is no longer read', async () => {
    const host = await start(full);
    expect(codes(host)).toContain('data-full-queueing p');
    await host.pass(300);
    const finding = host.monitor.current().findings.find(({ code }) => code === 'data-full-queueing');
    expect(finding).toMatchObject({ pool: 'p', lastKnown: true, severity: 'critical' });
    expect(pool(host)?.state).toBeUndefined();
  });

  it('is not in the state that it was in before it was taken away', async () => {
    const host = new ScriptedHost(dm);
    host.pool('p', full);
    await host.pass(2);
    expect(codes(host)).toContain('data-full-queueing p');
    host.remove('p');
    await host.pass(45);
    host.pool('p', healthy);
    host.outputs.set('pools/p', 'hang');
    await host.pass(45);
    expect(codes(host)).toContain('status-stuck p');
    expect(codes(host)).not.toContain('data-full-queueing p');
  });

  it('is current again when the child has died', async () => {
    const host = await start(full);
    await host.pass(60);
    host.pool('p', healthy);
    await host.thaw();
    await host.pass(6);
    expect(pool(host)).toMatchObject({ state: 'readable', data: { usedBlocks: 100 } });
    expect(codes(host)).toEqual([]);
    expect(readiness(host.monitor.current().host)).toEqual([]);
  });
});

describe('healthy pools', () => {
  const together = 'pools/batch/0';
  const start = async () => {
    const host = new ScriptedHost([...dm, 'docker']);
    for (const [at, name] of ['p', 'q', 'r'].entries()) host.pool(name, healthy, { minor: 3 + at });
    await host.pass(10);
    host.reads.length = 0;
    return host;
  };
  const statuses = ({ reads }: ScriptedHost) => reads.filter((place) => place.startsWith('pools/'));
  const oldest = (host: ScriptedHost, names: readonly string[]) =>
    Math.max(...names.map((name) => host.now - (pool(host, name)?.statusTakenAt ?? 0)));

  it('are queried by one command', async () => {
    const host = await start();
    host.pool('q', full, { minor: 4 });
    await host.pass(60);
    expect(new Set(statuses(host))).toEqual(new Set([together]));
    expect(statuses(host)).toHaveLength(12);
    expect(pool(host, 'q')).toMatchObject({ counters: { mode: 'out_of_data_space' } });
    expect(oldest(host, ['p', 'q', 'r'])).toBeLessThanOrEqual(5000);
  });

  it('are queried one by one as soon as one of them does not respond', async () => {
    const host = await start();
    host.outputs.set('pools/q', 'hang');
    let worst = 0;
    for (let second = 0; second < 60; second += 1) {
      await host.pass(1);
      worst = Math.max(worst, oldest(host, ['p', 'r']));
    }
    expect(worst).toBeLessThanOrEqual(9000);
    expect(codes(host)).toContain('status-stuck q');
    expect(codes(host).filter((code) => /p$|r$/.test(code))).toEqual([]);
    expect(statuses(host).filter((place) => place === 'pools/q')).toHaveLength(1);
    // The command that hangs at q is not started a second time.
    const from = statuses(host).indexOf('pools/q');
    expect(statuses(host).slice(from)).not.toContain(together);
  });

  it('are queried together again when all is well', async () => {
    const host = await start();
    host.outputs.set('pools/q', 'hang');
    await host.pass(60);
    host.pool('q', full, { minor: 4 });
    await host.thaw();
    for (let second = 0; second < 20; second += 1) {
      await host.pass(1);
      expect(oldest(host, ['p', 'r'])).toBeLessThanOrEqual(9000);
    }
    expect(pool(host, 'q')).toMatchObject({ state: 'readable', data: { usedBlocks: 3200 } });
    host.reads.length = 0;
    await host.pass(30);
    expect(new Set(statuses(host))).toEqual(new Set([together]));
  });

  it('never show an older value when they change from one mode to the other', async () => {
    const host = await start();
    host.pool('q', healthy, { minor: 4, attr: 'L-sw' });
    await host.pass(10);
    const more = healthy.replace('100/3200', '200/3200');
    host.pool('q', more, { minor: 4, attr: 'L-sw' });
    await host.pass(10);
    host.pool('q', more, { minor: 4 });
    for (let second = 0; second < 30; second += 1) {
      await host.pass(1);
      expect(pool(host, 'q')?.data?.usedBlocks).toBe(200);
    }
  });

  it('keep docker info waiting while a command about them is slow', async () => {
    const host = await start();
    host.outputs.set('pools/q', 'hang');
    await host.pass(8);
    const docker = host.monitor.current().host.collectors.find(({ name }) => name === 'docker');
    expect(docker?.blocked).toMatch(/query of several pools by collector \w+ is unusually slow|pool q has/);
  });

  it('are queried one by one while a line of one makes no sense', async () => {
    const host = await start();
    host.pool('q', 'nonsense', { minor: 4 });
    await host.pass(30);
    expect(oldest(host, ['p', 'r'])).toBeLessThanOrEqual(9000);
    expect(codes(host)).toContain('status-unknown q');
  });
});

describe('discovery', () => {
  it('drops the facts of a deleted pool when one with the same name appears', async () => {
    const host = new ScriptedHost(dm);
    host.pool('p', healthy);
    await host.pass(8);
    host.remove('p');
    await host.pass(6);
    const goneAt = host.now;
    host.pool('p', healthy);
    for (let second = 0; second < 8; second += 1) {
      await host.pass(1);
      expect(pool(host)?.statusTakenAt ?? goneAt).toBeGreaterThanOrEqual(goneAt);
    }
    expect(pool(host)?.state).toBe('readable');
  });

  it('queries a new pool at once', async () => {
    const host = new ScriptedHost(dm);
    host.pool('p', healthy);
    await host.pass(6);
    host.pool('new', healthy, { minor: 4 });
    await host.pass(6);
    expect(pool(host, 'new')?.state).toBe('readable');
  });

  it('reports a pool that is gone as missing, then forgets it', async () => {
    const host = new ScriptedHost(dm, { missingRetentionMs: 30_000 });
    host.pool('p', healthy);
    await host.pass(2);
    host.remove('p');
    // A rename between two polls hides a pool for a moment.
    await host.pass(8);
    expect(codes(host)).toEqual([]);
    await host.pass(8);
    expect(codes(host)).toEqual(['pool-missing p']);
    await host.pass(30);
    expect(codes(host)).toEqual([]);
  });

  it('does not miss a pool that was renamed', async () => {
    const host = new ScriptedHost(dm);
    host.pool('p', healthy, { uuid: 'mine-1' });
    await host.pass(2);
    host.remove('p');
    host.pool('q', healthy, { uuid: 'mine-1' });
    await host.pass(10);
    expect(codes(host)).toEqual([]);
  });

  it('keeps naming pools when dmsetup stops answering, without their old values', async () => {
    const host = new ScriptedHost(dm);
    host.pool('p', full);
    await host.pass(2);
    for (const place of ['devices/info', 'devices/table', 'pools/p']) host.outputs.set(place, 'hang');
    await host.pass(40);
    const { host: known, findings } = host.monitor.current();
    expect(known.discovered).toBe(false);
    expect(codes(host)).toEqual(
      expect.arrayContaining(['discovery-blind', 'status-stuck p', 'data-full-queueing p']),
    );
    const page = await renderFacts({ host: known, findings, pending: [], trends: [] }, 'text');
    expect(page).not.toContain('thinpool_data_blocks{');
    expect(page).not.toContain('thinpool_block_size_bytes{');
  });

  it('withholds counts that cannot be of the table that is known', async () => {
    const host = new ScriptedHost(dm);
    host.pool('p', healthy, { block: 128 });
    await host.pass(2);
    // Made anew with smaller blocks: by the old table its size would be twice the device.
    host.outputs.set(
      'pools/p',
      '0 409600 thin-pool 1 20/1024 100/6400 - rw discard_passdown queue_if_no_space - 256 \n',
    );
    await host.pass(6);
    expect(pool(host)?.data).toBeUndefined();
  });
});

describe('what is blocked', () => {
  const all = [...dm, 'docker'];
  const info = JSON.stringify({ Driver: 'overlay2', DriverStatus: [], ServerVersion: '20.10.24' });

  it('docker info waits until every pool is known to be well', async () => {
    const host = new ScriptedHost(all);
    host.pool('p', healthy);
    host.outputs.set('docker/info', `${info}\n`);
    host.monitor.tick();
    expect(host.reads).not.toContain('docker/info');
    await host.pass(3);
    expect(host.reads.indexOf('docker/info')).toBeGreaterThan(host.reads.indexOf('pools/p'));
  });

  it('docker info is not run while a status is overdue, and comes back', async () => {
    const host = new ScriptedHost(all);
    host.pool('p', healthy);
    host.outputs.set('docker/info', `${info}\n`);
    await host.pass(3);
    host.outputs.set('pools/p', 'hang');
    await host.pass(10);
    host.reads.length = 0;
    await host.pass(180);
    expect(host.reads).not.toContain('docker/info');
    const docker = host.monitor.current().host.collectors.find(({ name }) => name === 'docker');
    expect(docker).toMatchObject({ status: 'blocked' });
    expect(docker?.blocked).toContain('pool p');
    host.pool('p', healthy);
    await host.thaw();
    await host.pass(8);
    expect(host.reads).toContain('docker/info');
  });

  it('docker info is run on a host without device-mapper', async () => {
    const host = new ScriptedHost(all);
    host.outputs.set('docker/info', `${info}\n`);
    await host.pass(3);
    expect(host.reads).toContain('docker/info');
  });
});

describe('findings over time', () => {
  it('a suspension is reported when it has lasted', async () => {
    const host = new ScriptedHost(dm);
    host.pool('p', healthy, { attr: 'L-sw' });
    await host.pass(20);
    expect(codes(host)).toEqual([]);
    await host.pass(20);
    expect(codes(host)).toEqual(['pool-suspended p']);
    expect(host.monitor.current().findings[0]?.since).toBe(1_002_000);
  });

  it('growth is counted, also of a pool that is read in between', async () => {
    const host = new ScriptedHost(dm);
    host.pool('p', healthy);
    await host.pass(6);
    host.outputs.set(
      'pools/p',
      '0 819200 thin-pool 1 20/1024 100/6400 - rw discard_passdown queue_if_no_space - 256 \n',
    );
    await host.pass(6);
    expect(pool(host)?.extensions).toEqual({ data: 1, metadata: 0 });
  });
});

describe('a clock that is set', () => {
  it.each([
    ['back', -3_600_000],
    ['forward', 3_600_000],
  ])('%s an hour stops no collector for longer than a few seconds', async (_, jump) => {
    const host = new ScriptedHost(dm);
    host.pool('p', healthy, { attr: 'L-sw' });
    await host.pass(10);
    host.now += jump;
    host.pool('p', '1 20/1024 200/3200 - rw discard_passdown queue_if_no_space - 256 ', { attr: 'L-sw' });
    await host.pass(3);
    expect(pool(host)).toMatchObject({ data: { usedBlocks: 200 } });
    expect(readiness(host.monitor.current().host)).toEqual([]);
    await host.pass(35);
    expect(codes(host)).toEqual(['pool-suspended p']);
  });
});

describe("Docker's minimum free of a pool", () => {
  const info = (pairs: readonly (readonly [string, string])[]) =>
    JSON.stringify({ Driver: 'devicemapper', ServerVersion: '20.10.24', DriverStatus: pairs });
  const words = info([
    ['Pool Name', 'p'],
    ['Data Space Total', '209.7MB'],
    ['Data Space Available', '13.11MB'],
    ['Thin Pool Minimum Free Space', '20.97MB'],
  ]);
  const low = '1 20/1024 3000/3200 - rw discard_passdown queue_if_no_space - 256 ';
  const start = async () => {
    const host = new ScriptedHost([...dm, 'docker']);
    host.pool('p', low);
    host.outputs.set('docker/info', words);
    await host.pass(70);
    expect(codes(host)).toContain('below-minimum-free p');
    return host;
  };
  const minimumFree = (host: ScriptedHost) =>
    pool(host)?.minimumFrees.find(({ resource }) => resource === 'data')?.bytes;

  it('holds while Docker does not answer: that less is free has not changed', async () => {
    const host = await start();
    host.outputs.delete('docker/info');
    await host.pass(600);
    expect(host.monitor.current().host.dockerInfos).toEqual([]);
    expect(codes(host)).toContain('below-minimum-free p');
    expect(minimumFree(host)).toBe(320 * 65_536);
  });

  const page = async (host: ScriptedHost) => {
    const { host: known, findings } = host.monitor.current();
    const lines = (await renderFacts({ host: known, findings, pending: [], trends: [] }, 'text')).split('\n');
    const of = (start: string) => lines.filter((line) => line.startsWith(start));
    return {
      minimumFrees: of('thinpool_minimum_free_bytes{'),
      toldAt: of('thinpool_minimum_free_timestamp_seconds{'),
      lastKnown: of('thinpool_finding_last_known{').filter((line) => line.includes('below-minimum-free')),
    };
  };

  it('is the same series while Docker does not respond, with the time at which Docker reported it', async () => {
    const host = await start();
    const before = await page(host);
    const { collectors } = host.monitor.current().host;
    const toldAt = (collectors.find(({ name }) => name === 'docker')?.lastSuccessAt ?? 0) / 1000;
    expect(before.minimumFrees).toHaveLength(2);
    expect(before.toldAt).toEqual([
      `thinpool_minimum_free_timestamp_seconds{pool="p",resource="data"} ${toldAt}`,
      `thinpool_minimum_free_timestamp_seconds{pool="p",resource="metadata"} ${toldAt}`,
    ]);
    expect(before.lastKnown).toEqual([expect.stringMatching(/ 0$/)]);
    host.outputs.set('docker/info', 'wait');
    await host.pass(1200);
    const after = await page(host);
    expect(after).toEqual({ ...before, lastKnown: [expect.stringMatching(/ 1$/)] });
    host.outputs.set('docker/info', words);
    await host.thaw();
    await host.pass(2);
    const again = await page(host);
    expect(again.minimumFrees).toEqual(before.minimumFrees);
    expect(again.lastKnown).toEqual(before.lastKnown);
    expect(again.toldAt).not.toEqual(before.toldAt);
  });

  it('grows along with the pool, and ends its finding, while Docker does not answer', async () => {
    const host = await start();
    host.outputs.delete('docker/info');
    await host.pass(600);
    host.outputs.set('devices/table', 'p: 0 819200 thin-pool 253:0 253:1 128 0 0\n');
    host.outputs.set('pools/p', `0 819200 thin-pool ${low.replace('3200', '6400')}\n`);
    await host.pass(30);
    expect(minimumFree(host)).toBe(640 * 65_536);
    expect(codes(host)).not.toContain('below-minimum-free p');
  });

  it('ends when Docker says that it has none, or another pool', async () => {
    for (const answer of [
      words.replace('20.97MB', '0B'),
      words.replace('"p"', '"q"'),
      JSON.stringify({ Driver: 'overlay2', ServerVersion: '20.10.24', DriverStatus: [] }),
    ]) {
      const host = await start();
      host.outputs.set('docker/info', answer);
      await host.pass(70);
      expect(pool(host)?.minimumFrees).toEqual([]);
      host.outputs.delete('docker/info');
      await host.pass(600);
      expect(pool(host)?.minimumFrees).toEqual([]);
    }
  });

  it('is not taken over by a pool of the same name that is another one', async () => {
    const host = await start();
    host.outputs.delete('docker/info');
    await host.pass(600);
    host.pool('p', low, { uuid: 'another' });
    await host.pass(30);
    expect(pool(host)?.minimumFrees).toEqual([]);
  });
});

describe('two VGs, and the storage of one stalls', () => {
  const uuidOf = (vg: string) => `LVM-${vg.repeat(32)}${vg.repeat(32)}-tpool`;
  const json = (kind: 'lv' | 'vg', rows: readonly object[]) => JSON.stringify({ report: [{ [kind]: rows }] });
  const lv = (vg: string, more = 0) => ({
    ...{
      vg_name: vg,
      vg_uuid: vg.repeat(32),
      lv_name: 'pool',
      lv_uuid: vg.repeat(32),
      lv_attr: 'twi-aotz--',
    },
    thin_count: `${more}`,
  });
  const vg = (name: string, free = '4') => ({
    ...{ vg_name: name, vg_uuid: name.repeat(32), vg_attr: 'wz--n-', vg_size: '8', vg_free: free },
    ...{ vg_extent_size: '4', vg_free_count: '1', pv_count: '1', pv_name: `/dev/${name}` },
  });
  const groups = ({ monitor }: ScriptedHost) =>
    monitor
      .current()
      .host.volumeGroups.map(({ vgName, freeBytes }) => `${vgName} ${freeBytes}`)
      .sort();
  const thinCounts = (host: ScriptedHost) =>
    ['s-pool', 'w-pool'].map((name) => pool(host, name)?.lvm?.thinCount);

  const start = async () => {
    const host = new ScriptedHost([...dm, 'lvm']);
    host.pool('s-pool-tpool', healthy, { uuid: uuidOf('s') });
    host.pool('w-pool-tpool', healthy, { uuid: uuidOf('w'), minor: 3 });
    host.outputs.set('lvm/lvs', json('lv', [lv('s'), lv('w')]));
    host.outputs.set('lvm/vgs', json('vg', [vg('s'), vg('w')]));
    await host.pass(59);
    expect(groups(host)).toEqual(['s 4', 'w 4']);
    expect(thinCounts(host)).toEqual([0, 0]);
    return host;
  };
  const stall = (host: ScriptedHost) => {
    for (const place of ['pools/s-pool-tpool', 'lvm/lvs', 'lvm/vgs']) host.outputs.set(place, 'hang');
    host.outputs.set('lvm/lvs@w', json('lv', [lv('w', 7)]));
    host.outputs.set('lvm/vgs@w', json('vg', [vg('w', '8')]));
    host.reads.length = 0;
  };

  it('the other one stays current though LVM hangs with the first, of which facts age out by their own limit', async () => {
    const host = await start();
    stall(host);
    await host.pass(30);
    expect(host.reads.filter((place) => place === 'lvm/lvs')).toHaveLength(1);
    expect(groups(host)).toEqual(['s 4', 'w 8']);
    expect(thinCounts(host)).toEqual([0, 7]);
    await host.pass(100);
    expect(groups(host)).toEqual(['s 4', 'w 8']);
    await host.pass(100);
    expect(groups(host)).toEqual(['w 8']);
    expect(thinCounts(host)).toEqual([undefined, 7]);
    expect(host.reads.filter((place) => place === 'lvm/lvs')).toHaveLength(1);
    expect(host.reads.filter((place) => place === 'lvm/lvs@s')).toHaveLength(0);
    host.outputs.set('pools/s-pool-tpool', host.outputs.get('pools/w-pool-tpool') ?? '');
    host.outputs.set('lvm/lvs', json('lv', [lv('s', 1), lv('w', 1)]));
    host.outputs.set('lvm/vgs', json('vg', [vg('s'), vg('w')]));
    await host.thaw();
    await host.pass(10);
    expect(groups(host)).toEqual(['s 4', 'w 4']);
    expect(thinCounts(host)).toEqual([1, 1]);
  });

  it('no VG is without facts between its own query and that of the whole host', async () => {
    const host = await start();
    stall(host);
    await host.pass(230);
    host.outputs.set('pools/s-pool-tpool', host.outputs.get('pools/w-pool-tpool') ?? '');
    host.outputs.set('lvm/lvs', json('lv', [lv('s', 1), lv('w', 1)]));
    host.outputs.set('lvm/vgs', json('vg', [vg('s'), vg('w')]));
    await host.thaw();
    for (let second = 0; second < 10; second += 1) {
      await host.pass(1);
      expect(groups(host).some((group) => group.startsWith('w '))).toBe(true);
      expect(thinCounts(host)[1]).toBeDefined();
    }
  });

  it('each VG is queried on its own where LVM waits for a PV and no pool is late', async () => {
    const host = await start();
    stall(host);
    host.outputs.set('pools/s-pool-tpool', host.outputs.get('pools/w-pool-tpool') ?? '');
    host.outputs.set('lvm/lvs@s', 'hang');
    host.outputs.set('lvm/vgs@s', 'hang');
    await host.pass(300);
    expect(groups(host)).toEqual(['w 8']);
    expect(thinCounts(host)).toEqual([undefined, 7]);
  });
});

describe('a single poll', () => {
  it('knows at its end what it read at its beginning, however long a command waits for a lock', async () => {
    const host = new ScriptedHost([...dm, 'lvm']);
    host.pool('p', full);
    host.outputs.set('lvm/vgs', 'hang');
    const poll = host.monitor.collectOnce();
    await host.wait(30);
    await host.thaw();
    await poll;
    expect(host.monitor.current().host.discovered).toBe(true);
    expect(pool(host)).toMatchObject({ state: 'readable' });
    expect(codes(host)).toContain('data-full-queueing p');
    expect(codes(host)).not.toContain('discovery-blind');
  });
});

describe('dockerd that hangs', () => {
  const words = JSON.stringify({ Driver: 'overlay2', ServerVersion: '20.10.24', DriverStatus: [] });
  const start = async () => {
    const host = new ScriptedHost([...dm, 'docker']);
    host.pool('p', healthy);
    host.outputs.set('docker/info', words);
    await host.pass(70);
    host.outputs.set('docker/info', 'wait');
    host.reads.length = 0;
    return host;
  };
  const tries = (host: ScriptedHost) => host.reads.filter((place) => place === 'docker/info').length;
  const findings = ({ monitor }: ScriptedHost) =>
    monitor.current().findings.map(({ code, collector }) => `${code} ${collector ?? ''}`.trim());

  it('is queried six times an hour, since each request stays in it, and is reported as failing throughout', async () => {
    const host = await start();
    await host.pass(130);
    for (let minute = 0; minute < 60; minute += 1) {
      expect(findings(host)).toContain('collector-failing docker');
      await host.pass(60);
    }
    expect(tries(host)).toBe(7);
  });

  it('is queried again as soon as it responds, and what was found ends', async () => {
    const host = await start();
    await host.pass(400);
    expect(tries(host)).toBe(1);
    host.outputs.set('docker/info', words);
    await host.thaw();
    await host.pass(2);
    expect(tries(host)).toBe(2);
    expect(host.monitor.current().findings).toEqual([]);
    expect(host.monitor.current().host.dockerInfos).toMatchObject([{ driver: 'overlay2' }]);
  });

  it('is reported as stuck only when the next poll is due: it may be slow', async () => {
    const host = await start();
    while (tries(host) === 0) await host.pass(1);
    await host.pass(10 + 58);
    expect(findings(host)).not.toContain('collector-stuck docker');
    await host.pass(3);
    expect(findings(host)).toContain('collector-stuck docker');
  });

  it('is reported as failing when it always responds late, and not as stuck', async () => {
    const host = await start();
    for (let minute = 0; minute < 5; minute += 1) {
      await host.pass(15);
      await host.thaw();
      await host.pass(45);
      expect(findings(host)).not.toContain('collector-stuck docker');
    }
    expect(findings(host)).toEqual(['collector-failing docker']);
  });
});
