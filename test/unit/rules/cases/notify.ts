import type { NotifierSummary, ReceiverState } from '../../../../src/model/notify-state.ts';
import { makeHost, makePool, makeVolume } from '../../../support/makers.ts';
import type { CodeCases } from '../each-code.ts';

const now = 1_000_000;
const posts = { ok: 0, refused: 0, failed: 1, 'timed-out': 0, unreachable: 0 };
export const failing = (minutes: number) => ({
  posts,
  failingSince: now - minutes * 60_000,
  why: 'HTTP 500',
});
const receiver = (minutes: number): ReceiverState => ({
  name: 'chat',
  kind: 'slack',
  queued: 1,
  dropped: 0,
  ...failing(minutes),
});
export const notifying = (parts: Partial<NotifierSummary> = {}) =>
  makeHost({
    takenAt: now,
    pools: [makePool({ volumes: [makeVolume('253:7')] })],
    notify: { notifier: { receivers: [], alerts: 0, lastReloadWorked: true, ...parts } },
  });

export const notifyCases: CodeCases = {
  'notify-failing': {
    fires: notifying({ receivers: [receiver(5)] }),
    summary: 'notifications fail: receiver chat accepts nothing (HTTP 500)',
    quiet: notifying({ receivers: [receiver(4.9)] }),
  },
  'notify-queue-unwritable': {
    fires: notifying({ queueFailure: 'cannot write it: no space left' }),
    summary: 'the queue of notifications is not written: cannot write it: no space left',
    quiet: notifying(),
  },
  'notify-queue-on-pool': {
    fires: notifying({ queueDevice: '253:7' }),
    summary: 'pool docker-thinpool holds the queue of notifications, which it would stop when it is full',
    quiet: notifying({ queueDevice: '253:8' }),
  },
};
