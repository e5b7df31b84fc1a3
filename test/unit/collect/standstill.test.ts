import { describe, expect, test } from 'vitest';
import { ScriptedHost, settled } from '../../support/scripted.ts';

const status = '0 100/1000 500/3200 - rw discard_passdown queue_if_no_space - 250 ';
const jumps = [22_000, 600_000, 86_400_000, -3_600_000];

async function healthy(): Promise<ScriptedHost> {
  const host = new ScriptedHost(['devices', 'pools', 'docker']);
  host.pool('p', status);
  await host.pass(30);
  expect(host.monitor.current().findings).toEqual([]);
  return host;
}

describe.each(jumps)('after %i ms by the clock in which nothing happened', (ms) => {
  test('a healthy host has no finding, is known, and is read at once', async () => {
    const host = await healthy();
    host.now += ms;
    const asked = host.reads.length;
    // A scrape may come before the first beat.
    const first = host.monitor.current();
    expect([first.findings, first.host.discovered]).toEqual([[], true]);
    expect(first.host.pools).toMatchObject([{ state: 'readable', data: { usedBlocks: 500 } }]);
    host.monitor.tick();
    await settled();
    expect(host.monitor.current().findings).toEqual([]);
    expect(host.reads.slice(asked)).toEqual(expect.arrayContaining(['devices/info', 'pools/p']));
    for (let second = 0; second < 30; second += 1) {
      await host.pass(1);
      expect(host.monitor.current().findings).toEqual([]);
    }
    const { pools, takenAt } = host.monitor.current().host;
    expect(takenAt - (pools[0]?.statusTakenAt ?? 0)).toBeLessThan(6000);
  });

  test('what does not answer then is reported in its usual time', async () => {
    const host = await healthy();
    host.outputs.set('devices/info', 'hang').set('devices/table', 'hang');
    host.now += ms;
    await host.pass(10);
    expect(host.monitor.current().host.discovered).toBe(true);
    await host.pass(15);
    expect(host.monitor.current().findings.map(({ code }) => code)).toContain('discovery-blind');
  });

  test('a reading that was under way is neither late nor stuck', async () => {
    const host = await healthy();
    host.outputs.set('pools/p', 'hang');
    for (let second = 0; host.reads.at(-1) !== 'pools/p' && second < 10; second += 1) await host.pass(1);
    host.outputs.set('pools/p', `0 409600 thin-pool ${status}\n`);
    host.now += ms;
    expect(host.monitor.current().host.pools[0]).not.toHaveProperty('late');
    expect(host.monitor.current().findings).toEqual([]);
  });
});

test('a finding that has to hold for a while does not come of age asleep', async () => {
  const host = await healthy();
  host.pool('p', status, { attr: 'L-sw' });
  await host.pass(6);
  host.now += 600_000;
  expect(host.monitor.current().findings).toEqual([]);
  await host.pass(10);
  expect(host.monitor.current().findings).toEqual([]);
  await host.pass(25);
  expect(host.monitor.current().findings.map(({ code }) => code)).toEqual(['pool-suspended']);
});

test('a reading that was stuck before is stuck after', async () => {
  const host = await healthy();
  host.outputs.set('pools/p', 'hang');
  await host.pass(15);
  const stuck = () => host.monitor.current().findings.map(({ code }) => code);
  expect(stuck()).toContain('status-stuck');
  host.now += 600_000;
  expect(stuck()).toContain('status-stuck');
  await settled();
});
