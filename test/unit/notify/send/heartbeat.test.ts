import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PostResult } from '../../../../src/alerting/push/post.ts';
import { Heartbeat } from '../../../../src/notify/send/heartbeat.ts';

const log = { warn: vi.fn(), info: vi.fn() };
let sent: string[];
let reasons: readonly string[];
let answer: () => Promise<PostResult>;
let heartbeat: Heartbeat;
const post = (name: string) => async (body: string) => {
  sent.push(`${Date.now() / 1000} ${name}${body}`);
  return answer();
};
const open = (fail = false, intervalMs = 60_000) => {
  heartbeat = new Heartbeat({
    ping: post('ping'),
    ...(fail && { fail: post('fail ') }),
    intervalMs,
    reasons: () => reasons,
    now: Date.now,
    log,
  });
};
beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  vi.resetAllMocks();
  [sent, reasons] = [[], []];
  answer = async () => ({ outcome: 'ok' });
});
afterEach(() => {
  heartbeat.close();
  vi.useRealTimers();
});
const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000);

describe('a heartbeat', () => {
  it('is sent every minute while there is no reason against it', async () => {
    open();
    await pass(125);
    expect(sent).toEqual(['1 ping', '61 ping', '121 ping']);
  });

  it('stays away while there is one, and comes back at once', async () => {
    open();
    await pass(50);
    reasons = ['pool p: its status is not known'];
    await pass(300);
    expect(sent).toEqual(['1 ping']);
    expect(log.warn).toHaveBeenCalledWith({ why: reasons[0] }, 'No heartbeat is sent');
    reasons = [];
    await pass(2);
    expect(sent).toEqual(['1 ping', '351 ping']);
  });

  it('reports the reason every minute if an option says so', async () => {
    open(true);
    await pass(30);
    reasons = ['why'];
    await pass(62);
    reasons = [];
    await pass(2);
    expect(sent).toEqual(['1 ping', '31 fail {"reasons":["why"]}', '91 fail {"reasons":["why"]}', '93 ping']);
  });

  it('is withheld if the reasons cannot be found', async () => {
    open();
    heartbeat.close();
    heartbeat = new Heartbeat({
      ping: post('ping'),
      intervalMs: 60_000,
      reasons: () => {
        throw new Error('broken');
      },
      now: Date.now,
      log,
    });
    await pass(120);
    expect(sent).toEqual([]);
  });

  it('is tried again after ten seconds if the service fails', async () => {
    open();
    answer = async () => ({ outcome: 'unreachable', why: 'ENOTFOUND' });
    await pass(15);
    expect(sent).toEqual(['1 ping', '11 ping']);
    expect(heartbeat.state()).toMatchObject({ failingSince: 1000, why: 'ENOTFOUND' });
    answer = async () => ({ outcome: 'ok' });
    await pass(100);
    expect(sent).toEqual(['1 ping', '11 ping', '21 ping', '81 ping']);
    expect(log.warn).toHaveBeenCalledTimes(1);
  });

  it('waits for a slow service, and piles up nothing', async () => {
    answer = () => new Promise(() => {});
    open();
    await pass(600);
    expect(sent).toEqual(['1 ping']);
  });
});
