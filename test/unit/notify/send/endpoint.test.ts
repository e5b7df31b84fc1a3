import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openEndpoint } from '../../../../src/notify/send/endpoint.ts';
import { makeNotification, makeReceiver } from '../support.ts';

vi.mock('../../../../src/notify/send/webhook.ts', () => ({
  openWebhook: () => () => new Promise(() => {}),
}));

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('an attempt that does not end is given up soon after its timeout', async () => {
  const settled = vi.fn();
  const url = new URL('http://a');
  const endpoint = { ...makeReceiver(), type: 'webhook', format: 'json', url, timeoutMs: 1000 } as const;
  void openEndpoint(endpoint, 'db1')(makeNotification()).then(settled);
  await vi.advanceTimersByTimeAsync(5999);
  expect(settled).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(settled).toHaveBeenCalledWith({ outcome: 'timed-out', why: 'the attempt did not end' });
});
