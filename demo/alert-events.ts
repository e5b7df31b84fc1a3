import { describeLabels, type Message } from './alerting/webhook.ts';
import type { Event, Tone } from './timeline-event.ts';

/** An alert as Prometheus shows it while it is pending or fires. */
export interface ActiveAlert {
  /** Seconds for which it has to hold before it fires: `for` of its rule. */
  readonly patience: number;
  readonly state: 'pending' | 'firing';
  readonly labels: Readonly<Record<string, string>>;
}

/** What needs longer than this is pending for most of the show and says nothing about it. */
const longestPatience = 120;
const tones = { pending: 'doubtful', firing: 'bad' } as const;

/** What became of alerts between two looks: those that were pending and have gone are none. */
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

/** The rules have been judged, and not only before the first scrape: until then there is no exporter for them. */
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

/** What reached people: with what a page says, and where to read on. */
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
