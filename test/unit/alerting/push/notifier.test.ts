import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AlertmanagerNotifier } from '../../../../src/alerting/push/notifier.ts';
import type { PostResult } from '../../../../src/alerting/push/post.ts';
import type { Finding } from '../../../../src/model/finding.ts';
import type { Snapshot } from '../../../../src/model/host.ts';
import { makeSnapshot } from '../../../support/makers.ts';

const second = 1000;
const full: Finding = {
  code: 'data-full',
  severity: 'critical',
  pool: 'p',
  resource: 'data',
  summary: 'It is full.',
  advice: 'Extend it.',
};
const failed: Finding = { ...full, code: 'pool-failed', pool: 'q' };

interface Body {
  readonly labels: Record<string, string>;
  readonly startsAt: string;
  readonly endsAt: string;
}

/** An Alertmanager that responds as the test says, and when it says. */
class Stub {
  readonly got: { at: number; alerts: Body[] }[] = [];
  answers: PostResult[] = [];
  hangs = false;
  release: (() => void) | undefined;

  readonly post = async (body: string): Promise<PostResult> => {
    this.got.push({ at: Date.now() - start, alerts: JSON.parse(body) as Body[] });
    if (this.hangs) await new Promise<void>((resolve) => Object.assign(this, { release: resolve }));
    return this.answers.shift() ?? { outcome: 'ok' };
  };

  get times(): number[] {
    return this.got.map(({ at }) => at);
  }

  get names(): string[] {
    return this.got.at(-1)?.alerts.map(({ labels }) => labels['alertname'] ?? '') ?? [];
  }
}

const start = Date.UTC(2026, 0, 1);
let page: AlertmanagerNotifier;
let snapshot: Snapshot;
const [one, two] = [new Stub(), new Stub()];
const log = { warn: vi.fn(), info: vi.fn(), error: vi.fn() };
const unreachable: PostResult = { outcome: 'unreachable', why: 'ECONNREFUSED' };

beforeEach(() => {
  vi.useFakeTimers({ now: start });
  for (const stub of [one, two]) Object.assign(stub, { answers: [], hangs: false, release: undefined });
  for (const stub of [one, two]) stub.got.length = 0;
  vi.resetAllMocks();
  snapshot = makeSnapshot();
  page = new AlertmanagerNotifier({
    latest: () => snapshot,
    peers: [
      { name: 'one', post: one.post },
      { name: 'two', post: two.post },
    ],
    labels: { job: 'thinpool', instance: 'host:10058' },
    resendMs: 10 * second,
    now: Date.now,
    log,
  });
});
afterEach(() => {
  page.close();
  vi.useRealTimers();
});

describe('one cause', () => {
  const below: Finding = { ...full, code: 'below-minimum-free' };
  const postedWith = async (...findings: readonly Finding[]): Promise<readonly string[]> => {
    snapshot = makeSnapshot({ findings });
    page.wake();
    await vi.advanceTimersByTimeAsync(11 * second);
    return one.names;
  };

  it('is one alert, if all of it is found at once', async () => {
    expect(await postedWith(full, below)).toEqual(['ThinPoolFull']);
    expect(await postedWith(below)).toContain('ThinPoolBelowMinimumFree');
  });

  it('goes on with what was sent before', async () => {
    expect(await postedWith(below)).toEqual(['ThinPoolBelowMinimumFree']);
    expect([...(await postedWith(full, below))].sort()).toEqual(['ThinPoolBelowMinimumFree', 'ThinPoolFull']);
  });
});

/** What is found from now on; the exporter says at once that there is something new. */
function find(...findings: Finding[]): void {
  snapshot = makeSnapshot({ findings });
  page.wake();
}
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const endsAfter = ({ at, alerts }: Stub['got'][number]) =>
  alerts.map(({ endsAt }) => (Date.parse(endsAt) - start - at) / second);

describe('direct notifications', () => {
  it('sends nothing if no alert is active', async () => {
    await pass(60 * second);
    find({ ...full, severity: 'warning' });
    await pass(60 * second);
    expect([one.got, two.got]).toEqual([[], []]);
    expect(page.state().alerts).toBe(0);
  });

  it('notifies every peer at once, and again while it holds', async () => {
    await pass(second / 2);
    find(full);
    await pass(25 * second);
    expect(one.times).toEqual([550, 10_550, 20_550]);
    expect(two.got).toEqual(one.got);
    expect(one.got[0]?.alerts).toEqual([
      expect.objectContaining({
        labels: {
          alertname: 'ThinPoolFull',
          job: 'thinpool',
          instance: 'host:10058',
          severity: 'critical',
          page: 'true',
          pool: 'p',
          resource: 'data',
        },
        startsAt: '2026-01-01T00:00:00.550Z',
        endsAt: '2026-01-01T00:02:00.550Z',
      }),
    ]);
    expect(page.state()).toEqual({
      alerts: 1,
      peers: [1, 2].map(() => ({
        posts: { ok: 3, refused: 0, failed: 0, 'timed-out': 0, unreachable: 0 },
        lastSuccessAt: start + 20_550,
      })),
    });
  });

  it('notices within a second what only time has changed', async () => {
    snapshot = makeSnapshot({ findings: [full] });
    await pass(2 * second);
    expect(one.times).toEqual([1000]);
  });

  it('sends a second one at once, together with the first', async () => {
    find(full);
    await pass(3 * second);
    find(full, failed);
    await pass(second);
    expect(one.times).toEqual([50, 3050]);
    expect(one.names.sort()).toEqual(['ThinPoolFailed', 'ThinPoolFull']);
  });

  it('marks nothing as resolved: what has ended is not sent any more, and ends with its lease', async () => {
    find(full, failed);
    await pass(5 * second);
    find(failed);
    await pass(300 * second);
    expect(one.got.flatMap(endsAfter).every((seconds) => seconds === 120)).toBe(true);
    const sent = one.got.filter(({ alerts }) => alerts.some(({ labels }) => labels['pool'] === 'p'));
    expect(sent.map(({ at }) => at)).toEqual([50]);
    find();
    await pass(60 * second);
    expect(one.times.at(-1)).toBeLessThan(305_500);
    expect(page.state().alerts).toBe(0);
  });

  it('goes on with the same alert when it comes back within its lease, and begins anew after', async () => {
    find(full);
    await pass(5 * second);
    find();
    await pass(115 * second);
    find(full);
    await pass(5 * second);
    expect(one.times).toEqual([50, 120_050]);
    expect(one.got[1]?.alerts[0]?.startsAt).toBe(one.got[0]?.alerts[0]?.startsAt);
    find();
    await pass(200 * second);
    find(full);
    await pass(second);
    expect(one.got.at(-1)?.alerts[0]?.startsAt).toBe('2026-01-01T00:05:25.050Z');
  });

  it('goes on when judging fails once', async () => {
    const broken = makeSnapshot();
    Object.defineProperty(broken, 'findings', {
      get: () => {
        throw new Error('a fault of ours');
      },
    });
    snapshot = broken;
    await pass(second);
    expect(log.error).toHaveBeenCalledOnce();
    find(full);
    await pass(second);
    expect(one.got).toHaveLength(1);
  });

  it('ends without a word, so that a start anew ends no page', async () => {
    find(full);
    await pass(second);
    page.close();
    await pass(300 * second);
    expect(one.times).toEqual([50]);
    expect(endsAfter(one.got[0]!)).toEqual([120]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a peer that does not take alerts', () => {
  it('is tried again, soon at first, then every few seconds, and keeps the other one from nothing', async () => {
    one.answers = Array.from({ length: 7 }, () => unreachable);
    find(full);
    await pass(30 * second);
    expect(one.times).toEqual([50, 550, 1550, 3550, 7550, 12_550, 17_550, 22_550]);
    expect(two.times).toEqual([50, 10_050, 20_050]);
    expect(log.warn.mock.calls).toEqual([
      [{ peer: 'one', outcome: 'unreachable', why: 'ECONNREFUSED' }, 'Sending alerts to Alertmanager failed'],
    ]);
    expect(log.info.mock.calls).toEqual([
      [{ peer: 'one', failures: 7 }, 'Alertmanager accepts alerts again'],
    ]);
    expect(page.state().peers[0]).toEqual({
      posts: { ok: 1, refused: 0, failed: 0, 'timed-out': 0, unreachable: 7 },
      lastSuccessAt: start + 22_550,
    });
    expect(one.got.flatMap(endsAfter).every((seconds) => seconds === 120)).toBe(true);
  });

  it('gets what holds by then, not what held before', async () => {
    one.answers = [unreachable, unreachable];
    find(full);
    await pass(second);
    find(failed);
    await pass(2 * second);
    expect(one.names).toEqual(['ThinPoolFailed']);
    expect(one.times).toEqual([50, 550, 1550]);
  });

  it('gets nothing when nothing holds by then', async () => {
    one.answers = [unreachable];
    find(full);
    await pass(100);
    find();
    await pass(60 * second);
    expect(one.times).toEqual([50]);
  });

  it('has one post under way at most; what is new is sent when that has ended', async () => {
    one.hangs = true;
    find(full);
    await pass(25 * second);
    find(full, failed);
    await pass(second);
    expect(one.times).toEqual([50]);
    expect(two.times).toEqual([50, 10_050, 20_050, 25_050]);
    one.hangs = false;
    one.release?.();
    await pass(10);
    expect(one.times).toEqual([50, 26_000]);
    expect(one.names).toHaveLength(2);
  });
});
