import { describe, expect, it, vi } from 'vitest';
import { sampleGrowth } from '../../../../src/cli/check/sample-growth.ts';
import type { Finding } from '../../../../src/model/finding.ts';
import { ScriptedHost } from '../../../support/scripted.ts';

const status = '0 409600 thin-pool 1 20/1024 2900/3200 - rw discard_passdown queue_if_no_space - 256 \n';
const mib = 2048;

const finding: Finding = {
  code: 'autoextend-no-room',
  severity: 'warning',
  summary: 'pool p is short',
  advice: 'Extend it.',
  pool: 'p',
  resource: 'data',
};

interface Thin {
  readonly name: string;
  readonly deviceId: number;
  readonly mib: number;
}

/** Says of each pool which volumes stand on it: `p` is 253:2, `q` 253:3. */
function tell(host: ScriptedHost, pools: Readonly<Record<string, readonly Thin[]>>, uuids = ''): void {
  const info: string[] = [];
  const table: string[] = [];
  for (const [pool, volumes] of Object.entries(pools)) {
    const minor = pool === 'p' ? 2 : 3;
    info.push(`253|${minor}|L--w|1|0|${uuids && `${uuids}${pool}`}|${pool}`);
    table.push(`${pool}: 0 409600 thin-pool 253:0 253:1 128 0 0`);
    for (const { name, deviceId } of volumes) {
      info.push(`253|${10 * minor + deviceId}|L--w|1|0||${name}`);
      table.push(`${name}: 0 2097152 thin 253:${minor} ${deviceId}`);
    }
    host.outputs.set(`pools/${pool}`, status);
    const lines = volumes.map((volume) => `${volume.name}: 0 2097152 thin ${volume.mib * mib} 2097151\n`);
    host.outputs.set(`volumes/${pool}`, lines.join(''));
  }
  host.outputs.set('devices/info', `${info.join('\n')}\n`);
  host.outputs.set('devices/table', `${table.join('\n')}\n`);
}

const still = { name: 'still', deviceId: 1, mib: 90 };
const slow = { name: 'slow', deviceId: 2, mib: 10 };
const fast = { name: 'fast', deviceId: 3, mib: 1 };
const other = { name: 'other', deviceId: 1, mib: 1 };
const first = { p: [still, slow, fast], q: [other] };

interface Change {
  /** What happens to the host between the samples. */
  readonly meanwhile?: (host: ScriptedHost) => void;
  readonly findings?: readonly Finding[];
  /** Seconds from the first sample to the call. */
  readonly late?: number;
  /** The query that hangs, and the seconds that pass after it was started: what needs more never ends. */
  readonly hung?: readonly [query: string, seconds: number];
}

/** Two samples of a host: what the second one found, what it queried, and how long it paused. */
async function sampleTwice({ meanwhile = () => {}, findings = [finding], late = 0, hung }: Change) {
  const host = new ScriptedHost(['devices', 'pools', 'volumes']);
  tell(host, first);
  const { host: seen } = await host.monitor.collectOnce();
  host.reads.length = 0;
  await host.wait(late);
  const pauses: number[] = [];
  const pause = async (ms: number): Promise<void> => {
    pauses.push(ms);
    host.now += ms;
    meanwhile(host);
  };
  const sampling = sampleGrowth(host.monitor, { host: seen, findings }, { now: () => host.now, pause });
  if (hung !== undefined) {
    const [query, seconds] = hung;
    await vi.waitUntil(() => host.reads.includes(query));
    await host.wait(seconds);
  }
  return { growth: await sampling, queried: host.reads, pauses };
}

const grown = { p: [still, { ...slow, mib: 15 }, { ...fast, mib: 26 }], q: [{ ...other, mib: 500 }] };

describe('a second sample', () => {
  it('reports which volumes grow, fastest first, and queries that pool alone', async () => {
    const { growth, queried, pauses } = await sampleTwice({ meanwhile: (host) => tell(host, grown) });
    expect(growth).toEqual([
      {
        pool: 'p',
        overMs: 2500,
        fastest: [
          { volume: 'fast', bytesPerSecond: 10 * 1024 ** 2, mappedBytes: 26 * 1024 ** 2 },
          { volume: 'slow', bytesPerSecond: 2 * 1024 ** 2, mappedBytes: 15 * 1024 ** 2 },
        ],
      },
    ]);
    expect(queried).toEqual(['devices/info', 'devices/table', 'pools/p', 'volumes/p']);
    expect(pauses).toEqual([2500]);
  });

  it('does not wait where the first one took long enough', async () => {
    const meanwhile = (host: ScriptedHost) => tell(host, grown);
    const { growth, pauses } = await sampleTwice({ meanwhile, late: 10 });
    expect(pauses).toEqual([0]);
    expect(growth).toMatchObject([{ overMs: 10_000, fastest: [{ volume: 'fast' }, { volume: 'slow' }] }]);
  });

  it.each([
    ['nothing is found', []],
    ['all that is found is a note', [{ ...finding, severity: 'info' }]],
    ['it is about metadata', [{ ...finding, resource: 'metadata' }]],
    ['it is about a pool without volumes', [{ ...finding, pool: 'empty' }]],
  ] as const)('is not made where %s', async (_, findings) => {
    const { growth, queried, pauses } = await sampleTwice({ findings });
    expect([growth, queried, pauses]).toEqual([[], [], []]);
  });

  it('says that nothing grew', async () => {
    const shrunk = { ...first, p: [still, slow, { ...fast, mib: 0 }] };
    const { growth } = await sampleTwice({ meanwhile: (host) => tell(host, shrunk) });
    expect(growth).toEqual([{ pool: 'p', overMs: 2500, fastest: [] }]);
  });

  it('reports the others when a volume is deleted in between', async () => {
    const without = { ...grown, p: grown.p.filter(({ name }) => name !== 'slow') };
    const { growth } = await sampleTwice({ meanwhile: (host) => tell(host, without) });
    expect(growth).toMatchObject([{ pool: 'p', overMs: 2500, fastest: [{ volume: 'fast' }] }]);
  });

  it('reports the others when a volume is deleted while it runs', async () => {
    const { growth } = await sampleTwice({
      meanwhile: (host) => {
        tell(host, grown);
        host.outputs.set('volumes/p', `still: 0 2097152 thin 999999 1\nslow: 0 2097152 thin ${15 * mib} 1\n`);
      },
    });
    expect(growth).toMatchObject([{ fastest: [{ volume: 'still' }, { volume: 'slow' }] }]);
  });

  it('takes a volume that was made anew under its name for another one', async () => {
    const anew = { ...grown, p: [still, { ...slow, deviceId: 9, mib: 700 }, { ...fast, mib: 26 }] };
    const { growth } = await sampleTwice({ meanwhile: (host) => tell(host, anew) });
    expect(growth).toMatchObject([{ fastest: [{ volume: 'fast' }] }]);
  });
});

describe('a second sample that fails', () => {
  it('at the status of the pool does not query its volumes, and ends by the deadline', async () => {
    const meanwhile = (host: ScriptedHost) => void host.outputs.set('pools/p', 'hang');
    const { growth, queried } = await sampleTwice({ meanwhile, hung: ['pools/p', 4] });
    expect(growth).toEqual([{ pool: 'p', failure: 'pools p: timed-out, no end' }]);
    expect(queried).toEqual(['devices/info', 'devices/table', 'pools/p']);
  });

  it('at the volumes ends by the deadline, and calls nothing growing', async () => {
    const meanwhile = (host: ScriptedHost) => {
      tell(host, grown);
      host.outputs.set('volumes/p', 'hang');
    };
    const { growth } = await sampleTwice({ meanwhile, hung: ['volumes/p', 10] });
    expect(growth).toEqual([{ pool: 'p', failure: 'volumes p: timed-out, no end' }]);
  });

  it('as the pool failed meanwhile does not say that nothing grew', async () => {
    const failed = first.p.map(({ name }) => `${name}: 0 2097152 thin Fail\n`).join('');
    const { growth } = await sampleTwice({ meanwhile: (host) => void host.outputs.set('volumes/p', failed) });
    expect(growth).toEqual([{ pool: 'p', failure: 'its volumes could not be read again' }]);
  });

  it('finds the pool gone', async () => {
    const { growth } = await sampleTwice({ meanwhile: (host) => tell(host, { q: first.q }) });
    expect(growth).toEqual([{ pool: 'p', failure: 'the pool was gone' }]);
  });

  it('finds another pool under its name', async () => {
    const { growth } = await sampleTwice({ meanwhile: (host) => tell(host, grown, 'new-') });
    expect(growth).toEqual([{ pool: 'p', failure: 'the pool was gone' }]);
  });

  it('does not see which devices there are, and so calls nothing growing', async () => {
    const { growth } = await sampleTwice({
      meanwhile: (host) => {
        tell(host, grown);
        host.outputs.set('devices/table', 'not a table\n');
      },
    });
    expect(growth).toMatchObject([{ pool: 'p', failure: expect.stringContaining('devices table: unparse') }]);
  });

  it('says so of the pool that it failed at, and what grows in the other', async () => {
    const both = [finding, { ...finding, pool: 'q' }];
    const { growth } = await sampleTwice({
      findings: both,
      meanwhile: (host) => {
        tell(host, grown);
        host.outputs.set('pools/p', 'garbage\n');
      },
    });
    expect(growth).toMatchObject([
      { pool: 'p', failure: expect.stringContaining('pools p: unparseable') },
      { pool: 'q', fastest: [{ volume: 'other' }] },
    ]);
  });
});

describe('the first sample', () => {
  const seen = async () => {
    const host = new ScriptedHost(['devices', 'pools', 'volumes']);
    tell(host, first);
    return { ...(await host.monitor.collectOnce()), findings: [finding] };
  };
  const now = () => 1_002_500;

  it('is not repeated if a pool responded late', async () => {
    const { host, findings } = await seen();
    const late = { collector: 'volumes', since: 1_000_000, degree: 'overdue' } as const;
    const pools = host.pools.map((pool) => ({ ...pool, late }));
    const no = () => Promise.reject(new Error('queried or waited'));
    const first = { host: { ...host, pools }, findings };
    expect(await sampleGrowth({ collectAgain: no }, first, { now, pause: no })).toEqual([]);
  });

  it('is not taken for the second one: between two parts of one sample lies no time to measure', async () => {
    const first = await seen();
    const volumesTakenAt = 1_000_005;
    const pools = first.host.pools.map((pool) => ({ ...pool, volumesTakenAt }));
    const collectAgain = async () => ({ ...first, host: { ...first.host, pools } });
    expect(await sampleGrowth({ collectAgain }, first, { now, pause: async () => {} })).toEqual([
      { pool: 'p', failure: 'its volumes could not be read again' },
    ]);
  });
});
