import { afterEach, describe, expect, it, vi } from 'vitest';
import { Slots } from '../../../src/collect/concurrency.ts';
import { Poller } from '../../../src/collect/poller.ts';
import type { ConfiguredCollector } from '../../../src/collect/tracked-query.ts';
import { defineCollector, type Query, type Variant } from '../../../src/collectors/collector.ts';
import { Unsupported } from '../../../src/collectors/shared/errors.ts';
import { failure, type Place, type ReadResult } from '../../../src/io/read.ts';
import type { Host } from '../../../src/model/host.ts';

/** A host that answers when the test says so. */
class PuppetHost {
  now = 1_000_000;
  readonly started: Place[] = [];
  readonly #ends = new Map<string, { finish: (result: ReadResult) => void; die: () => void }>();

  readonly read = (_access: unknown, place: Place) => {
    this.started.push(place);
    const pending = { finish: (_: ReadResult) => {}, die: () => {} };
    const result = new Promise<ReadResult>((resolve) => {
      pending.finish = resolve;
    });
    const exited = new Promise<void>((resolve) => {
      pending.die = resolve;
    });
    this.#ends.set(place.key, pending);
    return { result, exited };
  };

  async complete(key: string, stdout: string): Promise<void> {
    this.#ends.get(key)?.die();
    await this.fail(key, { ok: true, output: { stdout, stderr: '', exitCode: 0, takenAt: this.now } });
  }

  async fail(key: string, result: ReadResult): Promise<void> {
    this.#ends.get(key)?.finish(result);
    await settled();
  }

  async die(key: string): Promise<void> {
    this.#ends.get(key)?.die();
    await settled();
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const noHost = { pools: [] } as unknown as Host;
const hostOf = (...names: string[]) => ({ pools: names.map((dmName) => ({ dmName })) }) as unknown as Host;

const variant = (over: Partial<Variant> = {}): Variant => ({
  input: { command: ['tool'] },
  parse: ({ stdout }) => ({ daemons: [{ name: stdout, running: true, frozen: false }] }),
  ...over,
});

const perPool = defineCollector({
  name: 'status',
  help: '',
  needs: { tool: '' },
  defaults: { intervalMs: 5000, timeoutMs: 4000 },
  queries: (host): Query[] =>
    host.pools.map(({ dmName }) => ({ key: dmName, about: dmName, variants: [variant()] })),
});

function createPoller(host: PuppetHost, active: Partial<ConfiguredCollector> = {}, slots = 8) {
  const warnings: object[] = [];
  const notes: object[] = [];
  const collector: ConfiguredCollector = {
    collector: perPool,
    mode: 'auto',
    settings: perPool.defaults,
    ...active,
  };
  const log = {
    warn: (fields: object) => warnings.push(fields),
    info: (fields: object) => notes.push(fields),
  };
  const poller = new Poller({
    collectors: [collector],
    queryOptions: { segMonitor: 'auto' },
    read: host.read,
    slots: new Slots(slots),
    now: () => host.now,
    log,
    keepOutputs: false,
    changed: () => {},
  });
  return { poller, warnings, notes };
}

afterEach(() => vi.useRealTimers());

describe('Collector', () => {
  it('runs a query when it first appears, and again after the interval', async () => {
    const host = new PuppetHost();
    const { poller } = createPoller(host);
    poller.tick(hostOf('a'));
    await settled();
    await host.complete('a', 'x');
    expect(poller.cachedFacts()).toMatchObject([
      { key: 'a', takenAt: 1_000_000, expiresAt: 1_000_000 + 19_000 },
    ]);
    host.now += 4800;
    poller.tick(hostOf('a'));
    expect(host.started).toHaveLength(1);
    host.now += 150;
    poller.tick(hostOf('a'));
    await settled();
    expect(host.started).toHaveLength(2);
  });

  it('tries the next variant at once while none is known, and later after two seconds', async () => {
    const puppet = new PuppetHost();
    const together = defineCollector({
      ...perPool,
      queries: ({ pools }): Query[] => [
        {
          key: 'all',
          variants: [variant({ input: { command: ['tool', ...pools.map(({ dmName }) => dmName)] } })],
        },
      ],
    });
    const { poller } = createPoller(puppet, { collector: together });
    const isRead = async (host: Host): Promise<boolean> => {
      const before = puppet.started.length;
      poller.tick(host);
      await settled();
      await puppet.complete('all', 'x');
      return puppet.started.length > before;
    };
    expect(await isRead(hostOf('a'))).toBe(true);
    puppet.now += 200;
    expect(await isRead(hostOf('a'))).toBe(false);
    expect(await isRead(hostOf('a', 'b'))).toBe(true);
    puppet.now += 1600;
    expect(await isRead(hostOf('a', 'b', 'c'))).toBe(true);
    puppet.now += 1000;
    expect(await isRead(hostOf('a', 'b'))).toBe(false);
    puppet.now += 1000;
    expect(await isRead(hostOf('a', 'b'))).toBe(true);
  });

  it('starts no second child while one is alive, and goes on with the others', async () => {
    const host = new PuppetHost();
    const { poller } = createPoller(host);
    poller.tick(hostOf('sick', 'well'));
    await settled();
    await host.complete('well', 'x');
    await host.fail('sick', failure('timed-out', 'no end'));
    for (let tick = 0; tick < 20; tick += 1) {
      host.now += 5000;
      poller.tick(hostOf('sick', 'well'));
      await settled();
      await host.complete('well', 'x');
    }
    expect(host.started.filter(({ key }) => key === 'sick')).toHaveLength(1);
    expect(host.started.filter(({ key }) => key === 'well')).toHaveLength(21);
    const [state] = poller.states();
    expect(state?.queries.find(({ key }) => key === 'sick')).toMatchObject({
      outcome: 'timed-out',
      stuckSince: 1_000_000,
    });
    expect(state).toMatchObject({ status: 'failed', failures: { 'timed-out': 1 } });
    await host.die('sick');
    expect(poller.states()[0]?.queries[0]?.stuckSince).toBeUndefined();
    poller.tick(hostOf('sick', 'well'));
    await settled();
    expect(host.started.filter(({ key }) => key === 'sick')).toHaveLength(2);
  });

  it('waits for children to die until they count as stuck, and not where none is alive', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const host = new PuppetHost();
    const { poller } = createPoller(host);
    await poller.childrenExited();
    poller.tick(hostOf('slow', 'stuck'));
    await settled();
    await host.fail('slow', failure('timed-out', 'no end'));
    await host.fail('stuck', failure('timed-out', 'no end'));
    let over = false;
    const buried = poller.childrenExited().then(() => {
      over = true;
    });
    await host.die('slow');
    expect(over).toBe(false);
    host.now += 1100;
    await vi.advanceTimersByTimeAsync(1100);
    await buried;
    expect(poller.states()[0]?.queries.map(({ stuckSince }) => stuckSince)).toEqual([undefined, 1_000_000]);
    await host.die('stuck');
    await poller.childrenExited();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('remembers a stuck child of a pool that is gone, and forgets the query when it ends', async () => {
    const host = new PuppetHost();
    const { poller } = createPoller(host);
    poller.tick(hostOf('gone'));
    await settled();
    await host.fail('gone', failure('timed-out', 'no end'));
    poller.tick(noHost);
    expect(poller.states()[0]?.queries[0]?.stuckSince).toBeUndefined();
    host.now += 1000;
    expect(poller.states()[0]?.queries).toMatchObject([{ key: 'gone', stuckSince: 1_000_000 }]);
    host.now += 60_000;
    poller.tick(hostOf('gone'));
    expect(host.started).toHaveLength(1);
    await host.die('gone');
    poller.tick(noHost);
    expect(poller.states()[0]?.queries).toEqual([]);
  });

  it('runs no more queries at once than there are slots; one past its deadline gives its slot back', async () => {
    const host = new PuppetHost();
    const { poller } = createPoller(host, {}, 2);
    poller.tick(hostOf('a', 'b', 'c'));
    await settled();
    expect(host.started.map(({ key }) => key)).toEqual(['a', 'b']);
    await host.fail('a', failure('timed-out', 'no end'));
    expect(host.started.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
  });

  it('does not run a query that is gone when its turn comes, and runs it at once when it is back', async () => {
    const host = new PuppetHost();
    const { poller } = createPoller(host, {}, 1);
    poller.tick(hostOf('a', 'b'));
    await settled();
    poller.tick(hostOf('a'));
    await host.complete('a', 'x');
    expect(host.started.map(({ key }) => key)).toEqual(['a']);
    poller.tick(hostOf('a', 'b'));
    await settled();
    expect(host.started.map(({ key }) => key)).toEqual(['a', 'b']);
  });

  it('lets a collector have only as many of them as it may, so that others find a place', async () => {
    const host = new PuppetHost();
    const { poller } = createPoller(host, { collector: { ...perPool, maxConcurrent: 2 } });
    poller.tick(hostOf('a', 'b', 'c', 'd'));
    await settled();
    expect(host.started.map(({ key }) => key)).toEqual(['a', 'b']);
    await host.fail('a', failure('timed-out', 'no end'));
    await host.complete('b', 'x');
    expect(host.started.map(({ key }) => key)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('keeps the variant that worked, and starts with the first again when it fails', async () => {
    const host = new PuppetHost();
    const refuse = variant({
      name: 'new',
      parse: () => {
        throw new Unsupported('old tool');
      },
    });
    const collector = {
      ...perPool,
      queries: (): Query[] => [{ key: 'q', variants: [refuse, variant({ name: 'old' })] }],
    };
    const { poller } = createPoller(host, { collector });
    poller.tick(noHost);
    await settled();
    await host.complete('q', 'usage');
    await host.complete('q', 'x');
    expect(host.started.map((place) => place.variant)).toEqual(['new', 'old']);
    expect(poller.states()[0]).toMatchObject({ status: 'ok', queries: [{ variant: 'old' }] });
    host.now += 5000;
    poller.tick(noHost);
    await settled();
    expect(host.started.map((place) => place.variant)).toEqual(['new', 'old', 'old']);
    await host.die('q');
    await host.fail('q', failure('not-installed', 'upgraded away'));
    host.now += 5000;
    poller.tick(noHost);
    await settled();
    expect(host.started.map((place) => place.variant).at(-1)).toBe('new');
  });

  it('does not run a query that is blocked, and reports that', async () => {
    const host = new PuppetHost();
    const collector = {
      ...perPool,
      queries: (): Query[] => [{ key: 'q', blockedBy: 'pool p is suspended', variants: [variant()] }],
    };
    const { poller } = createPoller(host, { collector });
    poller.tick(noHost);
    await settled();
    expect(host.started).toEqual([]);
    expect(poller.states()[0]).toMatchObject({
      status: 'blocked',
      queries: [{ blocked: 'pool p is suspended' }],
    });
  });

  it('has failed while a child is stuck, also if its query is blocked since', async () => {
    const host = new PuppetHost();
    let blockedBy: { blockedBy?: string } = {};
    const collector = {
      ...perPool,
      queries: (): Query[] =>
        ['sick', 'well'].map((key) => ({ key, variants: [variant()], ...(key === 'sick' ? blockedBy : {}) })),
    };
    const { poller } = createPoller(host, { collector });
    poller.tick(noHost);
    await settled();
    await host.complete('well', 'x');
    await host.fail('sick', failure('timed-out', 'no end'));
    blockedBy = { blockedBy: 'it does not return' };
    host.now += 1000;
    poller.tick(noHost);
    expect(poller.states()[0]).toMatchObject({ status: 'failed', blocked: 'it does not return' });
    await host.die('sick');
    expect(poller.states()[0]?.status).toBe('ok');
  });

  it.each([
    ['auto', 'absent'],
    ['on', 'failed'],
  ] as const)('under %s a missing tool is %s', async (mode, status) => {
    const host = new PuppetHost();
    const { poller, warnings, notes } = createPoller(host, { mode });
    poller.tick(hostOf('a'));
    await settled();
    await host.fail('a', failure('not-installed', 'tool is not on the PATH'));
    await host.die('a');
    expect(poller.states()[0]?.status).toBe(status);
    expect(mode === 'auto' ? [warnings.length, notes.length] : [notes.length, warnings.length]).toEqual([
      0, 1,
    ]);
  });

  it('calls a tool that worked and is gone a failure, also under auto', async () => {
    const host = new PuppetHost();
    const { poller } = createPoller(host);
    poller.tick(hostOf('a'));
    await settled();
    await host.complete('a', 'x');
    expect(poller.states()[0]?.status).toBe('ok');
    host.now += 5000;
    poller.tick(hostOf('a'));
    await settled();
    await host.die('a');
    await host.fail('a', failure('unavailable', 'the daemon does not answer'));
    expect(poller.states()[0]?.status).toBe('failed');
  });

  it('runs no query of a collector that is off', () => {
    const host = new PuppetHost();
    const { poller } = createPoller(host, { mode: 'off' });
    poller.tick(hostOf('a'));
    expect(host.started).toEqual([]);
    expect(poller.states()[0]?.status).toBe('off');
  });

  it('keeps the last facts when a query fails, until it expires elsewhere', async () => {
    const host = new PuppetHost();
    const { poller } = createPoller(host);
    poller.tick(hostOf('a'));
    await settled();
    await host.complete('a', 'x');
    host.now += 5000;
    poller.tick(hostOf('a'));
    await settled();
    await host.fail('a', failure('exited', 'exit code 1'));
    await host.die('a');
    expect(poller.cachedFacts()).toMatchObject([{ takenAt: 1_000_000 }]);
  });

  it.each([
    { keepWhenDropped: true as const, keys: ['a'], for: 'until it is too old, where it outlives the asking' },
    { keys: [], for: 'no longer' },
  ])('keeps facts of a query that is gone $for', async ({ keys, ...more }) => {
    const host = new PuppetHost();
    const collector = defineCollector({
      ...perPool,
      queries: (host) =>
        host.pools.map(({ dmName }): Query => ({ key: dmName, variants: [variant()], ...more })),
    });
    const { poller } = createPoller(host, { collector });
    const facts = () => poller.cachedFacts().map(({ key }) => key);
    poller.tick(hostOf('a'));
    await settled();
    await host.complete('a', 'x');
    for (const passed of [1000, 17_900]) {
      host.now += passed;
      poller.tick(hostOf());
      expect(facts()).toEqual(keys);
      expect(poller.states()[0]?.queries).toEqual([]);
    }
    host.now += 100;
    poller.tick(hostOf());
    expect(facts()).toEqual([]);
  });

  it('survives a bug in a parser', async () => {
    const host = new PuppetHost();
    const broken = variant({
      parse: () => {
        throw new TypeError('undefined is not a function');
      },
    });
    const collector = { ...perPool, queries: (): Query[] => [{ key: 'q', variants: [broken] }] };
    const { poller } = createPoller(host, { collector });
    poller.tick(noHost);
    await settled();
    await host.complete('q', 'x');
    expect(poller.states()[0]?.queries).toMatchObject([
      { outcome: 'unparseable', failure: 'unexpected: undefined is not a function' },
    ]);
  });
});
