import { afterEach, describe, expect, it, vi } from 'vitest';
import { Slots } from '../../../src/collect/concurrency.ts';
import { Collector } from '../../../src/collect/poller.ts';
import type { ActiveSource } from '../../../src/collect/query-state.ts';
import { defineSource, type Question, type Way } from '../../../src/collectors/collector.ts';
import { Unsupported } from '../../../src/collectors/shared/errors.ts';
import { failure, type Place, type ReadResult } from '../../../src/io/read.ts';
import type { Host } from '../../../src/model/host.ts';

/** A host that answers when the test says so. */
class PuppetHost {
  now = 1_000_000;
  readonly started: Place[] = [];
  readonly #ends = new Map<string, { settle: (result: ReadResult) => void; die: () => void }>();

  readonly read = (_access: unknown, place: Place) => {
    this.started.push(place);
    const attempt = { settle: (_: ReadResult) => {}, die: () => {} };
    const result = new Promise<ReadResult>((resolve) => {
      attempt.settle = resolve;
    });
    const gone = new Promise<void>((resolve) => {
      attempt.die = resolve;
    });
    this.#ends.set(place.key, attempt);
    return { result, gone };
  };

  async answer(key: string, stdout: string): Promise<void> {
    this.#ends.get(key)?.die();
    await this.fail(key, { ok: true, reading: { stdout, stderr: '', exitCode: 0, takenAt: this.now } });
  }

  async fail(key: string, result: ReadResult): Promise<void> {
    this.#ends.get(key)?.settle(result);
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

const way = (over: Partial<Way> = {}): Way => ({
  access: { command: ['tool'] },
  parse: ({ stdout }) => ({ daemons: [{ name: stdout, running: true, frozen: false }] }),
  ...over,
});

const perPool = defineSource({
  name: 'status',
  help: '',
  needs: { tool: '' },
  defaults: { intervalMs: 5000, timeoutMs: 4000 },
  questions: (known): Question[] =>
    known.pools.map(({ dmName }) => ({ key: dmName, about: dmName, ways: [way()] })),
});

function collect(host: PuppetHost, active: Partial<ActiveSource> = {}, slots = 8) {
  const warnings: object[] = [];
  const source: ActiveSource = { source: perPool, mode: 'auto', settings: perPool.defaults, ...active };
  const log = { warn: (fields: object) => warnings.push(fields), info: () => {} };
  const collector = new Collector({
    sources: [source],
    choices: { segMonitor: 'auto' },
    read: host.read,
    slots: new Slots(slots),
    now: () => host.now,
    log,
    keepReadings: false,
    changed: () => {},
  });
  return { collector, warnings };
}

afterEach(() => vi.useRealTimers());

describe('Collector', () => {
  it('asks a question when it first appears, and again after the interval', async () => {
    const host = new PuppetHost();
    const { collector } = collect(host);
    collector.beat(hostOf('a'));
    await settled();
    await host.answer('a', 'x');
    expect(collector.answers()).toMatchObject([
      { key: 'a', takenAt: 1_000_000, expiresAt: 1_000_000 + 19_000 },
    ]);
    host.now += 4800;
    collector.beat(hostOf('a'));
    expect(host.started).toHaveLength(1);
    host.now += 150;
    collector.beat(hostOf('a'));
    await settled();
    expect(host.started).toHaveLength(2);
  });

  it('asks in new words at once while they are being found, and later after two seconds', async () => {
    const puppet = new PuppetHost();
    const together = defineSource({
      ...perPool,
      questions: ({ pools }): Question[] => [
        { key: 'all', ways: [way({ access: { command: ['tool', ...pools.map(({ dmName }) => dmName)] } })] },
      ],
    });
    const { collector } = collect(puppet, { source: together });
    const asks = async (known: Host): Promise<boolean> => {
      const before = puppet.started.length;
      collector.beat(known);
      await settled();
      await puppet.answer('all', 'x');
      return puppet.started.length > before;
    };
    expect(await asks(hostOf('a'))).toBe(true);
    puppet.now += 200;
    expect(await asks(hostOf('a'))).toBe(false);
    expect(await asks(hostOf('a', 'b'))).toBe(true);
    puppet.now += 1600;
    expect(await asks(hostOf('a', 'b', 'c'))).toBe(true);
    puppet.now += 1000;
    expect(await asks(hostOf('a', 'b'))).toBe(false);
    puppet.now += 1000;
    expect(await asks(hostOf('a', 'b'))).toBe(true);
  });

  it('starts nothing beside a child that still lives, and goes on with the others', async () => {
    const host = new PuppetHost();
    const { collector } = collect(host);
    collector.beat(hostOf('sick', 'well'));
    await settled();
    await host.answer('well', 'x');
    await host.fail('sick', failure('timed-out', 'no end'));
    for (let beat = 0; beat < 20; beat += 1) {
      host.now += 5000;
      collector.beat(hostOf('sick', 'well'));
      await settled();
      await host.answer('well', 'x');
    }
    expect(host.started.filter(({ key }) => key === 'sick')).toHaveLength(1);
    expect(host.started.filter(({ key }) => key === 'well')).toHaveLength(21);
    const [state] = collector.states();
    expect(state?.questions.find(({ key }) => key === 'sick')).toMatchObject({
      outcome: 'timed-out',
      stuckSince: 1_000_000,
    });
    expect(state).toMatchObject({ status: 'failed', failures: { 'timed-out': 1 } });
    await host.die('sick');
    expect(collector.states()[0]?.questions[0]?.stuckSince).toBeUndefined();
    collector.beat(hostOf('sick', 'well'));
    await settled();
    expect(host.started.filter(({ key }) => key === 'sick')).toHaveLength(2);
  });

  it('waits for children to die until they count as stuck, and not where none is alive', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const host = new PuppetHost();
    const { collector } = collect(host);
    await collector.buried();
    collector.beat(hostOf('slow', 'stuck'));
    await settled();
    await host.fail('slow', failure('timed-out', 'no end'));
    await host.fail('stuck', failure('timed-out', 'no end'));
    let over = false;
    const buried = collector.buried().then(() => {
      over = true;
    });
    await host.die('slow');
    expect(over).toBe(false);
    host.now += 1100;
    await vi.advanceTimersByTimeAsync(1100);
    await buried;
    expect(collector.states()[0]?.questions.map(({ stuckSince }) => stuckSince)).toEqual([
      undefined,
      1_000_000,
    ]);
    await host.die('stuck');
    await collector.buried();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('remembers a stuck child of a pool that is gone, and forgets the question when it ends', async () => {
    const host = new PuppetHost();
    const { collector } = collect(host);
    collector.beat(hostOf('gone'));
    await settled();
    await host.fail('gone', failure('timed-out', 'no end'));
    collector.beat(noHost);
    expect(collector.states()[0]?.questions[0]?.stuckSince).toBeUndefined();
    host.now += 1000;
    expect(collector.states()[0]?.questions).toMatchObject([{ key: 'gone', stuckSince: 1_000_000 }]);
    host.now += 60_000;
    collector.beat(hostOf('gone'));
    expect(host.started).toHaveLength(1);
    await host.die('gone');
    collector.beat(noHost);
    expect(collector.states()[0]?.questions).toEqual([]);
  });

  it('runs no more readings at once than there are slots; one past its deadline gives its slot back', async () => {
    const host = new PuppetHost();
    const { collector } = collect(host, {}, 2);
    collector.beat(hostOf('a', 'b', 'c'));
    await settled();
    expect(host.started.map(({ key }) => key)).toEqual(['a', 'b']);
    await host.fail('a', failure('timed-out', 'no end'));
    expect(host.started.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
  });

  it('does not ask what is no longer to be asked when its turn comes, and asks it at once when it is again', async () => {
    const host = new PuppetHost();
    const { collector } = collect(host, {}, 1);
    collector.beat(hostOf('a', 'b'));
    await settled();
    collector.beat(hostOf('a'));
    await host.answer('a', 'x');
    expect(host.started.map(({ key }) => key)).toEqual(['a']);
    collector.beat(hostOf('a', 'b'));
    await settled();
    expect(host.started.map(({ key }) => key)).toEqual(['a', 'b']);
  });

  it('lets a source have only as many of them as it may, so that others find a place', async () => {
    const host = new PuppetHost();
    const { collector } = collect(host, { source: { ...perPool, atOnce: 2 } });
    collector.beat(hostOf('a', 'b', 'c', 'd'));
    await settled();
    expect(host.started.map(({ key }) => key)).toEqual(['a', 'b']);
    await host.fail('a', failure('timed-out', 'no end'));
    await host.answer('b', 'x');
    expect(host.started.map(({ key }) => key)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('keeps the way that was understood, and begins anew when it fails', async () => {
    const host = new PuppetHost();
    const refuse = way({
      name: 'new',
      parse: () => {
        throw new Unsupported('old tool');
      },
    });
    const source = {
      ...perPool,
      questions: (): Question[] => [{ key: 'q', ways: [refuse, way({ name: 'old' })] }],
    };
    const { collector } = collect(host, { source });
    collector.beat(noHost);
    await settled();
    await host.answer('q', 'usage');
    await host.answer('q', 'x');
    expect(host.started.map((place) => place.way)).toEqual(['new', 'old']);
    expect(collector.states()[0]).toMatchObject({ status: 'ok', questions: [{ way: 'old' }] });
    host.now += 5000;
    collector.beat(noHost);
    await settled();
    expect(host.started.map((place) => place.way)).toEqual(['new', 'old', 'old']);
    await host.die('q');
    await host.fail('q', failure('not-installed', 'upgraded away'));
    host.now += 5000;
    collector.beat(noHost);
    await settled();
    expect(host.started.map((place) => place.way).at(-1)).toBe('new');
  });

  it('does not ask a question that is held back, and says so', async () => {
    const host = new PuppetHost();
    const source = {
      ...perPool,
      questions: (): Question[] => [{ key: 'q', hold: 'pool p is suspended', ways: [way()] }],
    };
    const { collector } = collect(host, { source });
    collector.beat(noHost);
    await settled();
    expect(host.started).toEqual([]);
    expect(collector.states()[0]).toMatchObject({
      status: 'held',
      questions: [{ heldBack: 'pool p is suspended' }],
    });
  });

  it('has failed while a child is stuck, also when its question is held back since', async () => {
    const host = new PuppetHost();
    let hold: { hold?: string } = {};
    const source = {
      ...perPool,
      questions: (): Question[] =>
        ['sick', 'well'].map((key) => ({ key, ways: [way()], ...(key === 'sick' ? hold : {}) })),
    };
    const { collector } = collect(host, { source });
    collector.beat(noHost);
    await settled();
    await host.answer('well', 'x');
    await host.fail('sick', failure('timed-out', 'no end'));
    hold = { hold: 'it does not return' };
    host.now += 1000;
    collector.beat(noHost);
    expect(collector.states()[0]).toMatchObject({ status: 'failed', heldBack: 'it does not return' });
    await host.die('sick');
    expect(collector.states()[0]?.status).toBe('ok');
  });

  it.each([
    ['auto', 'absent'],
    ['on', 'failed'],
  ] as const)('under %s a missing tool is %s', async (mode, status) => {
    const host = new PuppetHost();
    const { collector, warnings } = collect(host, { mode });
    collector.beat(hostOf('a'));
    await settled();
    await host.fail('a', failure('not-installed', 'tool is not on the PATH'));
    await host.die('a');
    expect(collector.states()[0]?.status).toBe(status);
    expect(warnings).toHaveLength(1);
  });

  it('calls a tool that worked and is gone a failure, also under auto', async () => {
    const host = new PuppetHost();
    const { collector } = collect(host);
    collector.beat(hostOf('a'));
    await settled();
    await host.answer('a', 'x');
    expect(collector.states()[0]?.status).toBe('ok');
    host.now += 5000;
    collector.beat(hostOf('a'));
    await settled();
    await host.die('a');
    await host.fail('a', failure('unavailable', 'the daemon does not answer'));
    expect(collector.states()[0]?.status).toBe('failed');
  });

  it('asks nothing of a source that is off', () => {
    const host = new PuppetHost();
    const { collector } = collect(host, { mode: 'off' });
    collector.beat(hostOf('a'));
    expect(host.started).toEqual([]);
    expect(collector.states()[0]?.status).toBe('off');
  });

  it('keeps the last answer when a reading fails, until it expires elsewhere', async () => {
    const host = new PuppetHost();
    const { collector } = collect(host);
    collector.beat(hostOf('a'));
    await settled();
    await host.answer('a', 'x');
    host.now += 5000;
    collector.beat(hostOf('a'));
    await settled();
    await host.fail('a', failure('exited', 'exit code 1'));
    await host.die('a');
    expect(collector.answers()).toMatchObject([{ takenAt: 1_000_000 }]);
  });

  it.each([
    { outlivesAsking: true as const, keys: ['a'], for: 'until it is too old, where it outlives the asking' },
    { keys: [], for: 'no longer' },
  ])('believes what a question told that is not asked any more $for', async ({ keys, ...more }) => {
    const host = new PuppetHost();
    const source = defineSource({
      ...perPool,
      questions: (known) =>
        known.pools.map(({ dmName }): Question => ({ key: dmName, ways: [way()], ...more })),
    });
    const { collector } = collect(host, { source });
    const told = () => collector.answers().map(({ key }) => key);
    collector.beat(hostOf('a'));
    await settled();
    await host.answer('a', 'x');
    for (const passed of [1000, 17_900]) {
      host.now += passed;
      collector.beat(hostOf());
      expect(told()).toEqual(keys);
      expect(collector.states()[0]?.questions).toEqual([]);
    }
    host.now += 100;
    collector.beat(hostOf());
    expect(told()).toEqual([]);
  });

  it('survives a bug in a parser', async () => {
    const host = new PuppetHost();
    const broken = way({
      parse: () => {
        throw new TypeError('undefined is not a function');
      },
    });
    const source = { ...perPool, questions: (): Question[] => [{ key: 'q', ways: [broken] }] };
    const { collector } = collect(host, { source });
    collector.beat(noHost);
    await settled();
    await host.answer('q', 'x');
    expect(collector.states()[0]?.questions).toMatchObject([
      { outcome: 'unparseable', failure: 'unexpected: undefined is not a function' },
    ]);
  });
});
