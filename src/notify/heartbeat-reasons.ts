import type { Snapshot } from '../model/host.ts';
import type { NotifierSummary } from '../model/notify-state.ts';
import { secondMs } from '../model/units.ts';
import { hasFailedForLong } from '../rules/notify.ts';
import { readiness } from '../rules/readiness.ts';

/** Snapshots are taken once a second. */
const oldestMs = 15 * secondMs;

/** Why no heartbeat may be sent, as sentences; none: data is complete and current, it is judged, and receivers get it. */
export function heartbeatReasons(
  { host }: Pick<Snapshot, 'host'>,
  notifier: Pick<NotifierSummary, 'receivers'> | undefined,
  now: number,
): readonly string[] {
  const isOld = Math.abs(now - host.takenAt) > oldestMs;
  return [
    ...(isOld ? ['findings are not judged at present'] : []),
    ...readiness(host),
    ...(notifier?.receivers ?? [])
      .filter((receiver) => hasFailedForLong(receiver, now))
      .map(({ name, why }) => `receiver ${name} accepts no notifications: ${why}`),
  ];
}
