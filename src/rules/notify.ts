import type { Host } from '../model/host.ts';
import type { DeliveryState } from '../model/notify-state.ts';
import { minuteMs } from '../model/units.ts';
import type { Rule } from './rule.ts';

/** A receiver that is restarted is no reason for an alarm. */
export const longestFailureMs = 5 * minuteMs;

/** Whether the requests to an address have failed for too long. */
export function hasFailedForLong({ failingSince }: DeliveryState, now: number): boolean {
  return failingSince !== undefined && now - failingSince >= longestFailureMs;
}

/** What keeps the exporter from informing people. */
export const notifyRules: readonly Rule[] = [
  {
    code: 'notify-failing',
    severity: 'warning',
    about: 'state',
    alert: 'ThinPoolNotifyFailing',
    meaning:
      'A receiver of notifications, or the heartbeat service, has accepted nothing for five minutes, or the changed file of receivers is invalid and is not in use.',
    advice:
      'Read the log of the exporter for the reason. Check the address, the token and the network with curl, and the file with `thinpool-exporter config --check`.',
    find: (host) => {
      const reasons = failures(host);
      return reasons.length === 0 ? [] : [{ summary: `notifications fail: ${reasons.join('; ')}` }];
    },
  },
  {
    code: 'notify-queue-unwritable',
    severity: 'warning',
    about: 'state',
    alert: 'ThinPoolNotifyFailing',
    meaning:
      'The queue of notifications cannot be written to its file. Notifications are still sent, but a restart loses those that no receiver has accepted, and repeats others.',
    advice:
      'Make room on the file system of --notify.state, or choose another path that the exporter may write (a unit needs StateDirectory=thinpool-exporter).',
    afterMs: minuteMs,
    find: ({ notify }) =>
      notify?.notifier?.queueFailure === undefined
        ? []
        : [{ summary: `the queue of notifications is not written: ${notify.notifier.queueFailure}` }],
  },
  {
    code: 'notify-queue-on-pool',
    severity: 'warning',
    about: 'state',
    alert: 'ThinPoolNotifyFailing',
    meaning:
      'The queue of notifications is on a thin volume of a pool that the exporter watches. When the pool is full, the queue cannot be written, or the write hangs.',
    advice: 'Set --notify.state to a path on another device.',
    find: poolsUnderQueue,
  },
];

function failures({ notify, takenAt: now }: Host): readonly string[] {
  const { notifier, heartbeat } = notify ?? {};
  return [
    ...(notifier?.receivers ?? [])
      .filter((receiver) => hasFailedForLong(receiver, now))
      .map(({ name, why }) => `receiver ${name} accepts nothing (${why})`),
    ...(heartbeat !== undefined && hasFailedForLong(heartbeat, now)
      ? [`the heartbeat is not accepted (${heartbeat.why})`]
      : []),
    ...(notifier?.lastReloadWorked === false ? ['the changed file of receivers was rejected'] : []),
  ];
}

function poolsUnderQueue({ notify, pools }: Host) {
  const device = notify?.notifier?.queueDevice;
  if (device === undefined) return [];
  return pools
    .filter(({ volumes }) => volumes.some((volume) => volume.device === device))
    .map(({ name }) => ({
      pool: name,
      summary: `pool ${name} holds the queue of notifications, which it would stop when it is full`,
    }));
}
