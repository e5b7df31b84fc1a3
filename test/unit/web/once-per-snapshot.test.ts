import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createReports } from '../../../src/cli/collector-reports.ts';
import { paceSnapshots } from '../../../src/collect/pace-snapshots.ts';
import { createExposition } from '../../../src/metrics/exposition.ts';
import type { FindingOption } from '../../../src/model/finding-option.ts';
import type { Snapshot } from '../../../src/model/host.ts';
import { defaultLimits } from '../../../src/rules/limits.ts';
import { readiness } from '../../../src/rules/readiness.ts';
import { oncePerSnapshot } from '../../../src/web/once-per-snapshot.ts';
import { makeCollector, makeHost, makePool, makeSnapshot } from '../../support/makers.ts';
import { ScriptedHost } from '../../support/scripted.ts';
import { serve } from './serving.ts';

const work = vi.hoisted(() => new Map<string, number>());
const count = vi.hoisted(() => (what: string) => void work.set(what, (work.get(what) ?? 0) + 1));

vi.mock('node:zlib', async (original) => {
  const zlib = await original<typeof import('node:zlib')>();
  const gzip = (...given: Parameters<typeof zlib.gzip>): void => {
    count('compress');
    zlib.gzip(...given);
  };
  return { ...zlib, gzip };
});
vi.mock('../../../src/web/status-page/page.ts', async (original) => {
  const page = await original<typeof import('../../../src/web/status-page/page.ts')>();
  return {
    ...page,
    renderPage: (deps: Parameters<typeof page.renderPage>[0]) => {
      count('status page');
      return page.renderPage(deps);
    },
  };
});
vi.mock('../../../src/metrics/render.ts', async (original) => {
  const render = await original<typeof import('../../../src/metrics/render.ts')>();
  return {
    ...render,
    createFactsRenderer: (format: 'text' | 'openmetrics') => {
      const renderFacts = render.createFactsRenderer(format);
      return (judged: Parameters<typeof renderFacts>[0]) => {
        count(`metrics ${format}`);
        return renderFacts(judged);
      };
    },
  };
});
vi.mock('../../../src/web/prepared-response.ts', async (original) => {
  const module = await original<typeof import('../../../src/web/prepared-response.ts')>();
  return {
    ...module,
    jsonResponse: (...given: Parameters<typeof module.jsonResponse>) => {
      count('JSON');
      return module.jsonResponse(...given);
    },
  };
});
vi.mock('../../../src/rules/readiness.ts', async (original) => {
  const rules = await original<typeof import('../../../src/rules/readiness.ts')>();
  return {
    readiness: (...given: Parameters<typeof rules.readiness>) => {
      count('readiness');
      return rules.readiness(...given);
    },
  };
});

beforeEach(() => {
  work.clear();
  // The exporter's own metrics are rendered again after a second, which a busy machine may take for the requests.
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => vi.useRealTimers());

/** The real app as `serve` wires it, with a monitor that the test turns. */
async function serveMonitor(discovered = true) {
  const names = ['devices', 'pools', 'lvm'];
  const host = makeHost({
    discovered,
    pools: [makePool()],
    collectors: names.map((name) => makeCollector({ name })),
  });
  let snapshot = makeSnapshot({ host });
  const latest = (): Snapshot => snapshot;
  const monitor = {
    trace: (name: string) => {
      count('join');
      const state = host.collectors.find((collector) => collector.name === name);
      return state && { state, lastReads: [], facts: [], ownHost: host };
    },
  };
  const { get } = await serve({
    latest,
    readiness: oncePerSnapshot(latest, (taken) => readiness(taken.host)),
    metrics: {
      render: createExposition(latest, '1.2.3', () => 0),
    },
    // A clock that stands still: nothing has to be rested for.
    collector: createReports(monitor, latest, () => 0),
  });
  const next = (): void => {
    snapshot = makeSnapshot({ host, version: snapshot.version + 1 });
  };
  return { get, next, names };
}

const mute = {
  severity: 'muted' as const,
  code: 'data-full-queueing',
  pool: 'p',
  until: '2027-01-31',
  reason: 'it is being emptied',
  where: 'o.yaml:3',
};

/** The real app with a real monitor. After the first request, which takes long, snapshots for requests rest. */
async function serveScripted() {
  const scripted = new ScriptedHost(['devices', 'pools']);
  const full = '1 20/1024 3200/3200 - out_of_data_space discard_passdown queue_if_no_space - 256 ';
  for (const [at, name] of ['p', 'other'].entries()) scripted.pool(name, full, { minor: at + 2 });
  let limits = defaultLimits;
  let clock = 0;
  const slow = {
    latest: () => scripted.monitor.latest(),
    current: () => {
      clock += 1000;
      return scripted.monitor.current();
    },
  };
  const latest = paceSnapshots(slow, () => clock);
  const { get } = await serve({
    latest,
    limits: () => limits,
    now: () => scripted.now,
    metrics: { render: createExposition(latest, '1.2.3', () => scripted.now) },
  });
  const reload = (changed: {
    warningRatio: number;
    exclude: string[];
    findingOptions: FindingOption[];
  }): void => {
    limits = { ...defaultLimits, warningRatio: changed.warningRatio };
    const { exclude, findingOptions } = changed;
    scripted.monitor.reconfigure({ ...scripted.settings, limits, pools: { exclude }, findingOptions });
  };
  return { host: Object.assign(scripted, { reload }), get, latest };
}

async function everyResponse(get: (path: string) => Promise<Response>) {
  const json = async (path: string) => (await (await get(path)).json()) as never;
  const { pools } = (await json('/api/v1/pools')) as { pools: { name: string }[] };
  return {
    findings: (await json('/api/v1/findings')) as object,
    pools: pools.map(({ name }) => name).sort(),
    page: await (await get('/')).text(),
    metrics: await (await get('/metrics')).text(),
  };
}

const formats = ['text/plain', 'application/openmetrics-text'];

/** Every route in every form, and what no route has. */
function requestsOf(names: readonly string[]): readonly (readonly [string, RequestInit])[] {
  const unknown = Array.from({ length: 10 }, (_, at) => `/api/v1/collectors/unknown-${at}`);
  const paths = [
    '/',
    '/-/ready',
    '/-/healthy',
    '/api/v1/pools',
    '/api/v1/findings',
    '/api/v1/collectors',
    '/api/v1/pools/vg-pool',
    '/nothing',
    '/runbooks',
    '/runbooks/ThinPoolFull',
    '/runbooks/nothing',
    ...names.map((name) => `/api/v1/collectors/${name}`),
    ...unknown,
  ];
  const metrics = formats.flatMap((accept) =>
    ['gzip', 'identity'].map((encoding) => ({ accept, 'accept-encoding': encoding })),
  );
  const requests = [
    ...paths.map((path) => [path, {}] as const),
    ...metrics.map((headers) => ['/metrics', { headers }] as const),
  ];
  return requests.flatMap(([path, init]) => [
    [path, init],
    [path, { ...init, method: 'HEAD' }],
  ]);
}

describe('what requests cost', () => {
  it.each([true, false])(
    'is paid once per snapshot, however many there are (devices known: %s)',
    async (isKnown) => {
      const { get, next, names } = await serveMonitor(isKnown);
      const everything = async (): Promise<void> => {
        const all = Array.from({ length: 5 }, () => requestsOf(names)).flat();
        const bodies = all.map(async ([path, init]) => (await get(path, init)).text());
        await Promise.all(bodies);
      };
      const expected = {
        // Pools, findings, collectors, each collector by name, and one response for every unknown name.
        JSON: 3 + names.length + 1,
        join: names.length,
        'status page': 1,
        readiness: 1,
        'metrics openmetrics': 1,
        // The exposition, and what each collector exports alone.
        'metrics text': 1 + names.length,
        compress: 2,
      };
      await everything();
      expect(Object.fromEntries(work)).toEqual(expected);
      await everything();
      expect(Object.fromEntries(work)).toEqual(expected);
      work.clear();
      next();
      await everything();
      expect(Object.fromEntries(work)).toEqual(expected);
    },
  );

  it('the response of one snapshot is not that of the next', async () => {
    let snapshot = makeSnapshot({ host: makeHost({ takenAt: 1 }) });
    const { get } = await serve({ latest: () => snapshot });
    const takenAt = async () => ((await (await get('/api/v1/pools')).json()) as { takenAt: number }).takenAt;
    expect(await takenAt()).toBe(1);
    snapshot = makeSnapshot({ host: makeHost({ takenAt: 2 }) });
    expect(await takenAt()).toBe(2);
  });

  it('the response follows a reload of the options at once, also while snapshots rest, and the end of a mute', async () => {
    const { host, get, latest } = await serveScripted();
    await host.pass(2);
    const before = await everyResponse(get);
    const snapshot = latest();
    expect(before.findings).toMatchObject({ muted: [], limits: { nearlyFullWarningPercent: 85 } });
    expect(before.pools).toEqual(['other', 'p']);
    expect(before.page).not.toContain('it is being emptied');
    expect(before.metrics).not.toContain('thinpool_finding_muted_until');

    const endsAt = host.now + 5000;
    host.reload({ warningRatio: 0.7, exclude: ['other'], findingOptions: [{ ...mute, endsAt }] });
    const after = await everyResponse(get);
    expect(latest().version, 'one snapshot more, for the reload').toBe(snapshot.version + 1);
    const muted = [{ code: 'data-full-queueing', pool: 'p', mutedBecause: 'it is being emptied' }];
    expect(after.findings).toMatchObject({ muted, limits: { nearlyFullWarningPercent: 70 } });
    expect(after.pools).toEqual(['p']);
    expect(after.page).toContain('it is being emptied');
    expect(after.metrics).toContain('thinpool_finding_muted_until');
    expect(after.metrics).toContain('thinpool_pools_excluded 1');

    await host.pass(6);
    const ended = await everyResponse(get);
    expect(ended.findings).toMatchObject({ muted: [] });
    expect(ended.page).not.toContain('it is being emptied');
    expect(ended.metrics).not.toContain('thinpool_finding_muted_until');
  });

  it('the status page goes on saying how old it is when no snapshot comes', async () => {
    const snapshot = makeSnapshot({ host: makeHost({ pools: [makePool()] }) });
    let now = 1_000_000;
    const { get } = await serve({ latest: () => snapshot, now: () => now });
    const first = await (await get('/')).text();
    now += 900;
    expect(await (await get('/')).text()).toBe(first);
    now += 100;
    expect(await (await get('/')).text()).not.toBe(first);
  });
});
