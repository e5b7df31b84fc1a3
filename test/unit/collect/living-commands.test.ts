import { describe, expect, it, vi } from 'vitest';
import { LivingCommands } from '../../../src/collect/living-commands.ts';
import { readiness } from '../../../src/rules/readiness.ts';
import { ScriptedHost, settled } from '../../support/scripted.ts';

const healthy = '1 20/1024 100/3200 - rw discard_passdown queue_if_no_space - 256 ';
const most = 16;

const names = Array.from({ length: 100 }, (_, at) => `p${String(at).padStart(2, '0')}`);

function hostWith(pools: readonly string[]): ScriptedHost {
  const host = new ScriptedHost(['devices', 'pools', 'volumes', 'lvm', 'docker']);
  for (const [at, name] of pools.entries()) host.pool(name, healthy, { minor: 2 + at });
  return host;
}

const setAll = (host: ScriptedHost, text: string): void => {
  for (const name of names) host.outputs.set(`pools/${name}`, text);
};

/** Codes by pool. */
function codesOf({ monitor }: ScriptedHost): Map<string, string> {
  return new Map(monitor.current().findings.map(({ pool = '', code }) => [pool, code]));
}

function skipped({ monitor }: ScriptedHost): readonly string[] {
  const pools = monitor.current().host.collectors.find(({ name }) => name === 'pools');
  return (pools?.queries ?? []).flatMap(({ isSkipped, blocked }) => (isSkipped ? [blocked ?? ''] : []));
}

async function passAndCount(host: ScriptedHost, seconds: number): Promise<number> {
  let living = 0;
  for (let second = 0; second < seconds; second += 1) {
    await host.pass(1);
    living = Math.max(living, host.living);
  }
  return living;
}

describe('a hundred pools that all hang', () => {
  it.each([
    ['later', 20],
    ['from the start', 0],
  ])('leave no more commands hanging than a few pools would: %s', async (_, healthySeconds) => {
    const host = hostWith(names);
    if (healthySeconds === 0) setAll(host, 'hang');
    await host.pass(healthySeconds);
    setAll(host, 'hang');
    expect(await passAndCount(host, 180)).toBeLessThanOrEqual(most);
    // The devices are still read.
    expect(host.monitor.current().host.discovered).toBe(true);
    const codes = codesOf(host);
    expect(codes.has('')).toBe(true);
    for (const name of names) expect(codes.get(name), name).toMatch(/^status-(?:stuck|unknown)$/);
    expect(new Set(names.map((name) => codes.get(name))).size).toBe(2);
    expect(skipped(host).length).toBeGreaterThan(80);
    expect(new Set(skipped(host))).toEqual(
      new Set([
        `${host.living} commands are past their deadline and do not exit, and another one could hang too`,
      ]),
    );
  });

  it('are all read again once their storage responds', async () => {
    const host = hostWith(names);
    await host.pass(20);
    setAll(host, 'hang');
    await host.pass(180);
    for (const name of names) host.pool(name, healthy, { minor: 2 + names.indexOf(name) });
    await host.thaw();
    await host.pass(30);
    expect(host.living).toBe(0);
    expect(skipped(host)).toEqual([]);
    expect(readiness(host.monitor.current().host)).toEqual([]);
    expect([...codesOf(host)].filter(([pool]) => pool !== '')).toEqual([]);
  });
});

describe('a few pools that hang', () => {
  it('take nothing away from the others', async () => {
    const host = hostWith(names);
    await host.pass(20);
    const [first = '', second = ''] = names;
    for (const name of [first, second]) host.outputs.set(`pools/${name}`, 'hang');
    await host.pass(120);
    expect(skipped(host)).toEqual([]);
    const codes = codesOf(host);
    expect(names.filter((name) => codes.has(name))).toEqual([first, second]);
    for (const { name, statusTakenAt = 0 } of host.monitor.current().host.pools)
      if (name !== first && name !== second) expect(host.now - statusTakenAt).toBeLessThanOrEqual(6000);
  });

  const hanging = names.slice(40, 51);

  it('leave room for one command at a time, and those that were never read get it', async () => {
    const host = hostWith(names);
    for (const name of hanging) host.outputs.set(`pools/${name}`, 'hang');
    await host.pass(60);
    expect(skipped(host)).toEqual([]);
    const { pools } = host.monitor.current().host;
    expect(pools.filter(({ state }) => state === undefined).map(({ name }) => name)).toEqual(hanging);
  });

  it('take nothing away from the others in a single poll', async () => {
    const host = hostWith(names);
    for (const name of hanging) host.outputs.set(`pools/${name}`, 'hang');
    let isOver = false;
    const once = host.monitor.collectOnce().finally(() => {
      isOver = true;
    });
    while (!isOver) await host.wait(1);
    const { host: seen } = await once;
    expect(seen.pools.filter(({ state }) => state === undefined).map(({ name }) => name)).toEqual(hanging);
  });
});

it('says once that queries are skipped, and once that they run again', async () => {
  const log = { warn: vi.fn(), info: vi.fn() };
  const commands = new LivingCommands(log);
  const enter = async () => {
    expect(await commands.enter(true)).toBe(true);
    let end = (): void => {};
    const exited = new Promise<void>((resolve) => {
      end = resolve;
    });
    commands.watch({ result: Promise.resolve({ outcome: 'timed-out', detail: '' }), exited });
    return end;
  };
  const ends: (() => void)[] = [];
  for (let command = 0; command < 14; command += 1) ends.push(await enter());
  await settled();
  expect(log.warn.mock.calls).toEqual([[{ overdue: 12 }, expect.stringMatching(/^Too many commands hang/)]]);
  expect(await commands.enter(false)).toBe(false);
  expect(await commands.enter(true)).toBe(true);
  commands.leave();
  for (const end of ends) end();
  await settled();
  expect(log.info.mock.calls).toEqual([[{ overdue: 11 }, expect.stringMatching(/^Fewer commands hang/)]]);
  expect([await commands.enter(false), commands.whyNoRoom(false)]).toEqual([true, undefined]);
});
