import { describeLabels, type Message } from './alerting/webhook.ts';
import type { Event, Tone } from './timeline-event.ts';

/** An alert as Prometheus shows it while it is pending or fires. */
export interface ActiveAlert {
  /** `for` of its rule, in seconds. */
  readonly patience: number;
  readonly state: 'pending' | 'firing';
  readonly labels: Readonly<Record<string, string>>;
}

/** Alerts with a longer `for` would be pending for most of the demo, which says nothing. */
const longestPatience = 120;
const tones = { pending: 'doubtful', firing: 'bad' } as const;

/** What changed between two polls. A pending alert that goes away is no event. */
export function alertEvents(before: readonly ActiveAlert[], now: readonly ActiveAlert[]): readonly Event[] {
  const [old, current] = [byLabels(before), byLabels(now)];
  const begun = [...current].flatMap(([key, { state, labels }]): Event[] =>
    old.get(key)?.state === state ? [] : [{ tone: tones[state], kind: state, text: describeLabels(labels) }],
  );
  const ended = [...old].flatMap(([key, { state, labels }]): Event[] =>
    current.has(key) || state === 'pending'
      ? []
      : [{ tone: 'good', kind: 'ended', text: describeLabels(labels) }],
  );
  return [...begun, ...ended];
}

/** The rules have been evaluated since the first scrape; before it, they see no exporter. */
export function areAwake(alerts: readonly ActiveAlert[]): boolean {
  const names = new Set(alerts.map(({ labels }) => labels['alertname']));
  return names.has('ThinPoolWatchdog') && !names.has('ThinPoolExporterDown');
}

function byLabels(alerts: readonly ActiveAlert[]): ReadonlyMap<string, ActiveAlert> {
  const told = alerts.filter(
    ({ state, patience, labels }) =>
      /^(critical|warning)$/.test(labels['severity'] ?? '') &&
      (state === 'firing' || patience <= longestPatience),
  );
  return new Map(told.map((alert) => [JSON.stringify(Object.entries(alert.labels).sort()), alert]));
}

const received: Readonly<Record<string, { readonly tone: Tone; readonly kind: string }>> = {
  page: { tone: 'bad', kind: 'PAGE' },
  ticket: { tone: 'doubtful', kind: 'ticket' },
};

/** Notifications that reached a receiver, with summary and runbook. */
export function messageEvents({ to, alerts }: Message): readonly Event[] {
  const how = received[to];
  if (how === undefined) return [];
  return alerts.map(({ status, labels, annotations }) =>
    status === 'resolved'
      ? { tone: 'good', kind: 'resolved', text: `${describeLabels(labels)} (${to})` }
      : {
          ...how,
          text: describeLabels(labels),
          more: ['summary', 'runbook_url'].flatMap((name) => annotations[name] ?? []),
        },
  );
}
