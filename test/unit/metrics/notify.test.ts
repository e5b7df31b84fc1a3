import { expect, it } from 'vitest';
import { createExposition } from '../../../src/metrics/exposition.ts';
import type { NotifyState } from '../../../src/model/notify-state.ts';
import { makeHost } from '../../support/makers.ts';

const posts = { ok: 2, refused: 0, failed: 1, 'timed-out': 0, unreachable: 0 };
const expose = async (state?: NotifyState) => {
  const snapshot = { host: makeHost(), findings: [], pending: [], trends: [], version: 1 };
  const options = state === undefined ? {} : { notify: () => state };
  const text = (
    await createExposition(
      () => snapshot,
      '1',
      () => 0,
      options,
    )('text')
  ).toString();
  return text.split('\n').filter((line) => line.startsWith('thinpool_notify_'));
};

it('nothing is exported where nothing is configured', async () => {
  expect(await expose()).toEqual([]);
});

it('each receiver, the queue and the heartbeat have their series; what is not known is absent', async () => {
  const receiver = {
    name: 'chat',
    kind: 'slack',
    posts,
    queued: 3,
    dropped: 1,
    failingSince: 5000,
    why: 'HTTP 500',
  };
  const state = {
    notifier: { receivers: [receiver], alerts: 2, lastReloadWorked: false, queueFailure: 'x' },
    heartbeat: { posts, lastSuccessAt: 7500 },
  };
  expect((await expose(state)).filter((line) => !line.includes('outcome="'))).toEqual([
    'thinpool_notify_queue_length{receiver="chat"} 3',
    'thinpool_notify_dropped_total{receiver="chat"} 1',
    'thinpool_notify_failing_since_timestamp_seconds{receiver="chat"} 5',
    'thinpool_notify_alerts 2',
    'thinpool_notify_queue_writable 0',
    'thinpool_notify_config_last_reload_successful 0',
    'thinpool_notify_heartbeat_last_success_timestamp_seconds 7.5',
  ]);
  expect(await expose(state)).toContain('thinpool_notify_posts_total{receiver="chat",outcome="ok"} 2');
  expect(await expose(state)).toContain('thinpool_notify_heartbeats_total{outcome="failed"} 1');
});
