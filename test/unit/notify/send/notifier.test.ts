import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StateFile } from '../../../../src/io/state-file.ts';
import type { Finding } from '../../../../src/model/finding.ts';
import type { Snapshot } from '../../../../src/model/host.ts';
import type { NotifyConfig } from '../../../../src/notify/file/load.ts';
import type { Notification } from '../../../../src/notify/notification.ts';
import type { Delivery } from '../../../../src/notify/send/delivery.ts';
import { Notifier } from '../../../../src/notify/send/notifier.ts';
import { makeCollector, makeHost, makePool, makeSnapshot } from '../../../support/makers.ts';
import { full, low, makeReceiver, minute } from '../support.ts';

const second = 1000;
const start = Date.UTC(2026, 10, 30, 12);
const log = { warn: vi.fn(), info: vi.fn(), error: vi.fn() };
const endpoint = (name: string) => ({
  ...makeReceiver({ name }),
  type: 'webhook' as const,
  format: 'json' as const,
  url: new URL('http://a'),
  timeoutMs: 1000,
});
const configOf = (...names: readonly string[]): NotifyConfig => ({
  receivers: names.map(endpoint),
  routes: [{ receivers: names, severities: ['critical', 'warning'] }],
});

let snapshot: Snapshot;
let sent: { to: string; notification: Notification; at: number }[];
let answer: (to: string, notification: Notification) => Promise<Delivery>;
let disk: { content?: string; isFull?: boolean; hangs?: boolean; reading?: Promise<string | undefined> };
let ids: number;
let notifier: Notifier;

const file: StateFile = {
  read: async () => disk.reading ?? disk.content,
  write: async (content) => {
    if (disk.hangs) await new Promise(() => {});
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (disk.isFull) throw new Error('cannot write it: no space left');
    disk.content = content;
  },
};

function open(config = configOf('phone')): Notifier {
  notifier = new Notifier({
    latest: () => ({ ...snapshot, host: { ...snapshot.host, takenAt: Date.now() } }),
    config,
    host: 'db1',
    file,
    open:
      ({ name }) =>
      async (notification) => {
        sent.push({ to: name, notification, at: Date.now() - start });
        return answer(name, notification);
      },
    newId: () => {
      ids += 1;
      return `id-${ids}`;
    },
    now: Date.now,
    log,
  });
  void notifier.start();
  return notifier;
}
/** As after kill -9: nothing is said, and nothing more is written. */
async function crash(): Promise<void> {
  const { content } = disk;
  await close();
  disk = content === undefined ? {} : { content };
}
/** The process is gone as soon as it has closed. */
async function crashAtEnd(): Promise<void> {
  let left: string | undefined;
  const closed = notifier.close().then(() => {
    left = disk.content;
  });
  await pass(2 * second);
  await closed;
  disk = left === undefined ? {} : { content: left };
}
async function close(): Promise<void> {
  const closed = notifier.close();
  await pass(2 * second);
  await closed;
}
const find = (...findings: readonly Finding[]) => {
  snapshot = makeSnapshot({
    host: makeHost({ pools: [makePool()], collectors: [makeCollector()] }),
    findings,
  });
};
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const titles = () =>
  sent.map(({ to, notification: { id, status, content } }) => `${to} ${id} ${status} ${content.alert}`);

beforeEach(() => {
  vi.useFakeTimers({ now: start });
  vi.resetAllMocks();
  sent = [];
  disk = {};
  ids = 0;
  answer = async () => ({ outcome: 'ok' });
  find();
});
afterEach(async () => {
  disk = {};
  await close();
  vi.useRealTimers();
});

describe('notifications', () => {
  it('are sent within a second of the finding, to each receiver', async () => {
    open(configOf('phone', 'chat'));
    await pass(5500);
    find(full);
    await pass(1.1 * second);
    expect(titles()).toEqual(['phone id-1 firing ThinPoolFull', 'chat id-2 firing ThinPoolFull']);
    expect(sent[0]?.at).toBeLessThan(6.1 * second);
    await pass(60 * minute);
    expect(sent).toHaveLength(2);
  });

  it('of a warning wait as long as the rule does', async () => {
    open();
    find({ ...low, since: start + 10 * second });
    await pass(69 * second);
    expect(sent).toEqual([]);
    await pass(1.1 * second);
    expect(titles()).toEqual(['phone id-1 firing ThinPoolNearlyFull']);
  });

  it('of one receiver do not wait for another', async () => {
    answer = (to) => (to === 'phone' ? new Promise(() => {}) : Promise.resolve({ outcome: 'ok' }));
    open(configOf('phone', 'chat'));
    find(full);
    await pass(2 * second);
    expect(titles()).toContain('chat id-2 firing ThinPoolFull');
    expect(notifier.state().receivers.map(({ queued }) => queued)).toEqual([1, 0]);
  });

  it('are on the disk before they are sent', async () => {
    const stored: (string | undefined)[] = [];
    answer = async () => {
      stored.push(disk.content);
      return { outcome: 'ok' };
    };
    open();
    find(full);
    await pass(2 * second);
    expect(stored).toEqual([expect.stringContaining('"id":"id-1"')]);
    expect(disk.content).not.toContain('"id":"id-1"');
  });
});

describe('a restart', () => {
  it('sends what was not accepted again, with the same id', async () => {
    answer = async () => ({ outcome: 'unreachable', why: 'ECONNREFUSED' });
    open();
    find(full);
    await pass(20 * second);
    await crash();
    answer = async () => ({ outcome: 'ok' });
    sent = [];
    open();
    await pass(2 * second);
    expect(titles()).toEqual(['phone id-1 firing ThinPoolFull']);
  });

  it('neither repeats what was accepted, nor takes what is not read yet for ended', async () => {
    open();
    find(full);
    await pass(20 * second);
    await crash();
    find();
    snapshot = makeSnapshot({ host: makeHost({ discovered: false }) });
    open();
    await pass(10 * minute);
    find(full);
    await pass(10 * minute);
    expect(titles()).toEqual(['phone id-1 firing ThinPoolFull']);
    find();
    await pass(10 * minute);
    expect(titles().at(-1)).toBe('phone id-2 resolved ThinPoolFull');
  });

  it('with a queue that cannot be read says so, and goes on', async () => {
    disk.content = '{"version":';
    open();
    find(full);
    await pass(2 * second);
    expect(log.error).toHaveBeenCalledTimes(1);
    expect(titles()).toEqual(['phone id-1 firing ThinPoolFull']);
  });

  it('does not wait for a disk that does not respond', async () => {
    disk.reading = new Promise(() => {});
    open();
    find(full);
    await pass(4 * second);
    expect(sent).toEqual([]);
    await pass(2 * second);
    expect(titles()).toEqual(['phone id-1 firing ThinPoolFull']);
  });
});

describe('a disk', () => {
  it('that is full keeps no notification from being sent', async () => {
    disk.isFull = true;
    open();
    find(full);
    await pass(3 * second);
    expect(titles()).toEqual(['phone id-1 firing ThinPoolFull']);
    expect(notifier.state().queueFailure).toBe('cannot write it: no space left');
    disk.isFull = false;
    await pass(minute);
    expect(notifier.state().queueFailure).toBeUndefined();
    expect(disk.content).toContain('ThinPoolFull');
  });

  it('that hangs delays a notification by two seconds', async () => {
    disk.hangs = true;
    open();
    find(full);
    await pass(10 * second);
    expect(titles()).toEqual(['phone id-1 firing ThinPoolFull']);
    expect(sent[0]?.at).toBeLessThanOrEqual(4 * second);
    await pass(10 * second);
    expect(notifier.state().queueFailure).toBe('writing it does not end');
  });
});

describe('another configuration', () => {
  it('is taken at once: a new receiver is sent what is active, and a queue without receiver is dropped', async () => {
    answer = async () => ({ outcome: 'failed', why: 'HTTP 500' });
    open();
    find(full);
    await pass(2 * second);
    answer = async () => ({ outcome: 'ok' });
    notifier.reconfigure(configOf('chat'));
    await pass(2 * second);
    expect(titles().at(-1)).toBe('chat id-2 firing ThinPoolFull');
    expect(log.warn).toHaveBeenCalledWith({ dropped: 1 }, expect.any(String));
    expect(notifier.state().receivers.map(({ name }) => name)).toEqual(['chat']);
  });

  it('that is read before the queue is loses nothing of the queue', async () => {
    answer = async () => ({ outcome: 'failed', why: 'HTTP 500' });
    open();
    find(full);
    await pass(2 * second);
    await crash();
    const { content } = disk;
    disk.reading = new Promise((resolve) => setTimeout(() => resolve(content), 3 * second));
    answer = async () => ({ outcome: 'ok' });
    sent = [];
    open();
    await pass(second);
    notifier.reconfigure(configOf('phone'));
    await pass(second);
    expect(disk.content).toBe(content);
    await pass(3 * second);
    expect(titles()).toEqual(['phone id-1 firing ThinPoolFull']);
  });

  it('while a delivery is under way does not send it twice, and a restart neither', async () => {
    const acceptedAfter = (ms: number) => () =>
      new Promise<Delivery>((resolve) => setTimeout(() => resolve({ outcome: 'ok' }), ms));
    answer = acceptedAfter(3 * second);
    open();
    find(full);
    while (sent.length < 1) await pass(second / 10);
    notifier.reconfigure(configOf('phone'));
    notifier.reconfigure({
      ...configOf('phone'),
      receivers: configOf('phone').receivers.map((one) => ({ ...one, timeoutMs: 2000 })),
    });
    await pass(5 * second);
    expect(sent).toHaveLength(1);
    answer = acceptedAfter(second);
    find(full, { ...full, pool: 'other' });
    while (sent.length < 2) await pass(second / 10);
    await crashAtEnd();
    open();
    await pass(5 * second);
    expect(sent).toHaveLength(2);
  });

  it('ends the failure of a receiver that it corrects, and tries at once', async () => {
    answer = async () => ({ outcome: 'unreachable', why: 'ECONNREFUSED' });
    open();
    find(full);
    await pass(10 * minute);
    const before = sent.length;
    answer = async () => ({ outcome: 'ok' });
    notifier.reconfigure({
      ...configOf('phone'),
      receivers: configOf('phone').receivers.map((one) => ({ ...one, timeoutMs: 2000 })),
    });
    expect(notifier.state().receivers[0]?.failingSince).toBeUndefined();
    await pass(second);
    expect(sent.length).toBe(before + 1);
  });

  it('keeps what a receiver has counted', async () => {
    open();
    find(full);
    await pass(2 * second);
    notifier.reconfigure(configOf('phone', 'chat'));
    await pass(2 * second);
    expect(notifier.state().receivers.map(({ posts }) => posts.ok)).toEqual([1, 1]);
  });
});

it('a receiver that fails is not informed later that it failed', async () => {
  const failing: Finding = { ...low, code: 'notify-failing', since: start - minute };
  answer = async (to) => (to === 'phone' ? { outcome: 'failed', why: 'HTTP 500' } : { outcome: 'ok' });
  open(configOf('phone', 'chat'));
  find(full);
  await pass(5 * second);
  find(full, failing);
  await pass(5 * second);
  const about = sent.filter(({ notification }) => notification.content.alert === 'ThinPoolNotifyFailing');
  expect(about.map(({ to }) => to)).toEqual(['chat']);
});

it('what was dropped is counted', async () => {
  answer = async (_, { content }) =>
    content.pool === full.pool
      ? { outcome: 'refused', isContentRefused: true, why: 'HTTP 400' }
      : { outcome: 'ok' };
  open();
  find(full, { ...full, pool: 'other' });
  await pass(2 * minute);
  expect(notifier.state()).toMatchObject({ alerts: 2, receivers: [{ queued: 0, dropped: 1 }] });
  expect(notifier.state().receivers[0]?.failingSince).toBeUndefined();
});

it('alerts that are too many are logged and counted once', async () => {
  open();
  find(...Array.from({ length: 502 }, (_, at) => ({ ...full, pool: `p${at}` })));
  await pass(5 * second);
  expect(log.error).toHaveBeenCalledTimes(1);
  expect(log.error).toHaveBeenCalledWith({ dropped: 2 }, expect.any(String));
  expect(notifier.state()).toMatchObject({ alerts: 500, receivers: [{ dropped: 2 }] });
});

it('an alert that ended before it was tried is not sent, and one that was tried is, with its end', async () => {
  answer = async () => ({ outcome: 'unreachable', why: 'ECONNREFUSED' });
  open();
  find(full);
  await pass(2 * second);
  find(full, { ...low, pool: 'other', severity: 'critical', code: 'data-full' });
  await pass(second);
  find();
  await pass(5 * minute);
  answer = async () => ({ outcome: 'ok' });
  sent = [];
  await pass(6 * minute);
  expect(titles()).toEqual([
    'phone id-1 firing ThinPoolFull',
    expect.stringContaining('resolved ThinPoolFull'),
  ]);
});
