import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Notification } from '../../../../src/notify/notification.ts';
import type { Delivery } from '../../../../src/notify/send/delivery.ts';
import { Sender } from '../../../../src/notify/send/sender.ts';
import { Tally } from '../../../../src/notify/send/tally.ts';
import { content, makeNotification } from '../support.ts';

const log = { warn: vi.fn(), info: vi.fn(), error: vi.fn() };
const failed: Delivery = { outcome: 'failed', status: 500, why: 'HTTP 500' };
let queue: Notification[];
let answers: Delivery[];
let sent: { id: string; at: number }[];
let settled: [string, boolean][];
let broken: string | undefined;
/** Ids of what the receiver refuses for its content. */
let refused: Set<string>;
let sender: Sender;
let tally: Tally;
let timer: NodeJS.Timeout;
beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  vi.resetAllMocks();
  [queue, answers, sent, settled, broken, refused] = [[], [], [], [], undefined, new Set()];
  tally = new Tally(Date.now);
  sender = new Sender({
    name: 'chat',
    next: (last) => {
      const later = new Set(last);
      const all = [...queue.filter(({ id }) => !later.has(id)), ...queue.filter(({ id }) => later.has(id))];
      return all.find(({ content: { severity } }) => severity === 'critical') ?? all[0];
    },
    deliver: async ({ id }) => {
      if (id === broken) throw new RangeError('Invalid time value');
      sent.push({ id, at: Date.now() });
      if (refused.has(id)) return { outcome: 'refused', isContentRefused: true, why: 'HTTP 400' };
      return answers.shift() ?? { outcome: 'ok' };
    },
    settled: ({ id }, isAccepted) => {
      settled.push([id, isAccepted]);
      queue = queue.filter((one) => one.id !== id);
    },
    tally,
    log,
  });
  timer = setInterval(() => sender.wake(), 1000);
});
afterEach(() => {
  clearInterval(timer);
  sender.close();
  vi.useRealTimers();
});
const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000);
const warning = (id: string) => makeNotification({ id, content: { ...content, severity: 'warning' } });
const times = () => sent.map(({ at }) => at / 1000);

describe('a sender', () => {
  it('sends all that is queued, one after the other', async () => {
    queue = [warning('a'), warning('b')];
    await pass(1);
    expect(sent.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(settled).toEqual([
      ['a', true],
      ['b', true],
    ]);
  });

  it('tries again, less and less often down to every five minutes, and never gives up for a broken server', async () => {
    queue = [warning('a')];
    answers = Array.from({ length: 12 }, () => failed);
    await pass(3600);
    expect(times().slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 64, 128]);
    expect(times().slice(9, 12)).toEqual([512, 812, 1112]);
    expect(settled).toEqual([['a', true]]);
    expect(log.warn).toHaveBeenCalledTimes(1);
    expect(log.info).toHaveBeenCalledWith(
      { receiver: 'chat', failures: 12 },
      'Receiver accepts notifications again',
    );
    expect(new Set(sent.map(({ id }) => id))).toEqual(new Set(['a']));
  });

  it('tries what is critical and new without waiting for the next retry', async () => {
    queue = [warning('a')];
    answers = Array.from({ length: 9 }, () => failed);
    await pass(257);
    const before = sent.length;
    await pass(20);
    queue = [...queue, makeNotification({ id: 'c' })];
    answers = [failed];
    await pass(1);
    expect(sent.slice(before)).toEqual([{ id: 'c', at: 278_000 }]);
    // Now it has been tried, and waits like the others.
    await pass(60);
    expect(sent.slice(before)).toHaveLength(1);
  });

  it('leaves a server alone for the time that it wants, an hour at most', async () => {
    queue = [makeNotification({ id: 'c' })];
    answers = [
      { outcome: 'refused', status: 429, why: 'HTTP 429', retryAfterMs: 90_000 },
      { outcome: 'refused', status: 429, why: 'HTTP 429', retryAfterMs: 90_000_000 },
    ];
    await pass(8000);
    expect(times()).toEqual([1, 91, 3691]);
  });

  it('gives up what is refused for its content while others are accepted, and works then', async () => {
    queue = [warning('a'), warning('b')];
    refused.add('a');
    await pass(60);
    expect(settled).toEqual([
      ['b', true],
      ['a', false],
    ]);
    expect(sent.filter(({ id }) => id === 'a')).toHaveLength(5);
    expect(log.error).toHaveBeenCalledTimes(1);
    expect(tally.state().failingSince).toBeUndefined();
  });

  it('keeps what is refused for its content where nothing else is accepted: it may be the address that is wrong', async () => {
    queue = [makeNotification({ id: 'c' })];
    refused.add('c');
    await pass(3600);
    expect(settled).toEqual([]);
    expect(tally.state().failingSince).toBeDefined();
    refused.clear();
    await pass(300);
    expect(settled).toEqual([['c', true]]);
  });

  it('drops one of which no request can be made, and sends the next one', async () => {
    queue = [warning('a'), warning('b')];
    broken = 'a';
    await pass(60);
    expect(settled).toEqual([
      ['b', true],
      ['a', false],
    ]);
  });

  it('begins when the delivery of the one before has ended', async () => {
    const after = new Promise<void>((resolve) => setTimeout(resolve, 5000));
    const second = new Sender({
      name: 'chat',
      next: () => queue[0],
      deliver: async ({ id }) => {
        sent.push({ id, at: Date.now() });
        return { outcome: 'ok' };
      },
      settled: () => queue.shift(),
      tally,
      log,
      after,
    });
    sender.close();
    queue = [warning('a')];
    second.wake();
    await pass(4);
    expect(sent).toEqual([]);
    await pass(2);
    expect(times()).toEqual([5]);
  });

  it.each([401, 403, 404, 429])(
    'keeps what is refused with %i: the configuration may be corrected',
    async (status) => {
      queue = [warning('a')];
      answers = Array.from({ length: 8 }, () => ({ outcome: 'refused', status, why: `HTTP ${status}` }));
      await pass(3600);
      expect(settled).toEqual([['a', true]]);
    },
  );

  it('counts, and says since when it fails and why', async () => {
    queue = [warning('a')];
    answers = [failed, { outcome: 'timed-out', why: 'no response within 10000 ms' }];
    await pass(3);
    expect(tally.state()).toEqual({
      posts: { ok: 0, refused: 0, failed: 1, 'timed-out': 1, unreachable: 0 },
      failingSince: 1000,
      why: 'no response within 10000 ms',
    });
    await pass(3);
    expect(tally.state()).toMatchObject({ posts: { ok: 1 }, lastSuccessAt: 4000 });
    expect(tally.state().failingSince).toBeUndefined();
  });

  it('that is closed sends nothing', async () => {
    sender.close();
    queue = [warning('a')];
    await pass(60);
    expect(sent).toEqual([]);
  });
});
