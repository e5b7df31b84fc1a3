import { describe, expect, it } from 'vitest';
import { renderFacts } from '../../../src/metrics/exposition.ts';
import { ScriptedHost } from '../../support/scripted.ts';

const status = (used: number, mode = 'rw') =>
  `1 20/1024 ${used}/3200 - ${mode} discard_passdown queue_if_no_space - 256 `;
const lowWater = (device: string) => `${device}: reached low water mark for data device: sending event.`;

/** Three healthy pools, 253:3 to 253:5. */
async function start(options: { maxFastPolled?: number } = {}): Promise<ScriptedHost> {
  const host = new ScriptedHost(['devices', 'pools'], options);
  for (const [at, name] of ['p', 'q', 'r'].entries()) host.pool(name, status(100), { minor: 3 + at });
  await host.pass(10);
  // Just after a batched poll, so that none is due for four seconds.
  while (host.reads.at(-1) !== 'pools/batch/0') await host.pass(1);
  host.reads.length = 0;
  return host;
}

const usedIn = ({ monitor }: ScriptedHost, name = 'p') =>
  monitor.current().host.pools.find((pool) => pool.name === name)?.data?.usedBlocks;
const alone = ({ reads }: ScriptedHost, name: string) => reads.filter((place) => place === `pools/${name}`);

describe('an event of a pool', () => {
  it('has that pool read at once, and nothing else', async () => {
    const host = await start();
    host.pool('p', status(3000), { minor: 3 });
    host.now += 300;
    await host.report(lowWater('253:3'));
    expect(host.reads).toEqual(['pools/p']);
    expect(usedIn(host)).toBe(3000);
  });

  it('is followed by polls each second for half a minute, besides those of all pools, and by none after', async () => {
    const host = await start();
    await host.report(lowWater('253:3'));
    await host.pass(29);
    expect(alone(host, 'p').length).toBeGreaterThanOrEqual(29);
    expect(host.reads.filter((place) => place === 'pools/batch/0').length).toBeGreaterThanOrEqual(5);
    await host.pass(2);
    host.reads.length = 0;
    await host.pass(20);
    expect(alone(host, 'p')).toEqual([]);
    expect(host.reads.filter((place) => place === 'pools/batch/0').length).toBeGreaterThanOrEqual(4);
  });

  it('has it read at once again when another one follows, between the polls of each second', async () => {
    const host = await start();
    await host.report(lowWater('253:3'));
    await host.pass(3);
    host.reads.length = 0;
    host.now += 300;
    host.pool('p', status(3200, 'out_of_data_space'), { minor: 3 });
    await host.report('253:3: switching pool to out-of-data-space (queue IO) mode');
    expect(host.reads).toEqual(['pools/p']);
    expect(usedIn(host)).toBe(3200);
  });

  it('makes no busy loop when it repeats', async () => {
    const host = await start();
    for (let fifth = 0; fifth < 300; fifth += 1) {
      host.now += 200;
      if (fifth % 5 === 0) host.monitor.tick();
      await host.report(lowWater('253:3'));
    }
    // One a second for the event and one for the close watch.
    expect(alone(host, 'p').length).toBeLessThanOrEqual(121);
    expect(alone(host, 'p').length).toBeGreaterThanOrEqual(60);
    expect(alone(host, 'q')).toEqual([]);
  });

  it('is shown with the pace that it leads to', async () => {
    const host = await start();
    await host.report(lowWater('253:3'));
    const { host: known } = host.monitor.current();
    const page = await renderFacts({ host: known, findings: [], trends: [] }, 'text');
    expect(page).toContain('thinpool_status_interval_seconds{pool="p"} 1\n');
    expect(page).toContain('thinpool_status_interval_seconds{pool="q"} 5\n');
    expect(page).toContain('thinpool_events_up 1\n');
    expect(page).toContain('thinpool_events_total{event="low_water"} 1\n');
  });

  it('that names no pool has each pool read', async () => {
    const host = await start();
    await host.report('switching pool to read-only mode');
    expect(host.reads).toEqual(['pools/p', 'pools/q', 'pools/r']);
  });

  it('of a device that is no known pool wakes nothing', async () => {
    const host = await start();
    await host.report(lowWater('253:99'));
    expect(host.reads).toEqual([]);
  });

  it('wakes no more pools than there are places', async () => {
    const host = await start({ maxFastPolled: 1 });
    await host.report('switching pool to read-only mode');
    await host.pass(8);
    expect(new Set(host.reads.filter((place) => /^pools\/[pqr]$/.test(place))).size).toBe(1);
  });

  it('wakes nothing where there is no place at all', async () => {
    const host = await start({ maxFastPolled: 0 });
    await host.report(lowWater('253:3'));
    expect(host.reads).toEqual([]);
  });
});

describe('a pool that is watched closely', () => {
  it('is queried by one command at a time when its status hangs', async () => {
    const host = await start();
    host.outputs.set('pools/p', 'hang');
    await host.report(lowWater('253:3'));
    for (let second = 0; second < 30; second += 1) {
      await host.pass(1);
      await host.report(lowWater('253:3'));
    }
    expect(alone(host, 'p')).toHaveLength(1);
  });

  it('costs nothing when it is removed, and nothing is left of it when it is made anew', async () => {
    const host = await start();
    await host.report(lowWater('253:3'));
    host.remove('p');
    await host.pass(6);
    host.reads.length = 0;
    await host.report(lowWater('253:3'));
    await host.pass(40);
    expect(alone(host, 'p')).toEqual([]);
    host.pool('p', status(1), { minor: 3 });
    await host.pass(12);
    host.reads.length = 0;
    await host.pass(10);
    expect(alone(host, 'p')).toEqual([]);
    expect(usedIn(host)).toBe(1);
  });

  it('keeps being watched under another name', async () => {
    const host = new ScriptedHost(['devices', 'pools']);
    host.pool('p', status(100), { minor: 3, uuid: 'LVM-one-tpool' });
    await host.pass(7);
    await host.report(lowWater('253:3'));
    host.remove('p');
    host.pool('new', status(200), { minor: 3, uuid: 'LVM-one-tpool' });
    await host.pass(7);
    host.reads.length = 0;
    await host.pass(5);
    expect(alone(host, 'new').length).toBeGreaterThanOrEqual(4);
    expect(usedIn(host, 'new')).toBe(200);
  });

  it('is still read each second while it is suspended', async () => {
    const host = await start();
    host.pool('p', status(100), { minor: 3, attr: 'L-sw' });
    await host.report(lowWater('253:3'));
    await host.pass(5);
    expect(alone(host, 'p').length).toBeGreaterThanOrEqual(5);
  });
});

describe('a pool that fills fast', () => {
  /** Fills pools by a number of blocks a second, of the 3,200 that they have. */
  async function fill(host: ScriptedHost, rates: Readonly<Record<string, number>>, seconds: number) {
    for (let second = 1; second <= seconds; second += 1) {
      for (const [at, [name, rate]] of Object.entries(rates).entries())
        host.pool(name, status(Math.min(3200, 100 + rate * second)), { minor: 3 + at });
      await host.pass(1);
    }
  }

  it('is read each second, while the others are read as before', async () => {
    const host = await start();
    await fill(host, { p: 100, q: 1, r: 0 }, 25);
    expect(alone(host, 'p').length).toBeGreaterThanOrEqual(13);
    expect(usedIn(host)).toBe(100 + 2500);
    expect(alone(host, 'q')).toEqual([]);
    const common = host.reads.filter((place) => place === 'pools/batch/0').length;
    expect(common).toBeGreaterThanOrEqual(4);
    expect(common).toBeLessThanOrEqual(6);
    const page = await renderFacts({ host: host.monitor.current().host, findings: [], trends: [] }, 'text');
    expect(page).toContain('thinpool_status_interval_seconds{pool="p"} 1\n');
    expect(page).toContain('thinpool_status_interval_seconds{pool="q"} 5\n');
  });

  it('costs at worst a command a second for each place, however many fill', async () => {
    const host = new ScriptedHost(['devices', 'pools'], { maxFastPolled: 3 });
    const names = Array.from({ length: 12 }, (_, at) => `p${at}`);
    for (const [at, name] of names.entries()) host.pool(name, status(100), { minor: 3 + at });
    await host.pass(10);
    host.reads.length = 0;
    await fill(host, Object.fromEntries(names.map((name, at) => [name, 50 + 4 * at])), 30);
    const own = host.reads.filter((place) => /^pools\/p\d+$/.test(place)).length;
    expect(own).toBeGreaterThan(30);
    expect(own).toBeLessThanOrEqual(3 * 30);
  });
});
