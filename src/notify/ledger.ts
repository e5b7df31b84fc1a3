import { fingerprint, type RaisedAlert, type TargetLabels, withoutEmpty } from '../alerting/alert.ts';
import { isExplained } from '../alerting/explained.ts';
import type { Host } from '../model/host.ts';
import { dayMs, secondMs } from '../model/units.ts';
import { contentOf } from './content.ts';
import { combine } from './digest.ts';
import { isGone, isKnownToHaveEnded, isLeftOut, workingCollectors } from './evidence.ts';
import type { AlertContent, Notification, Status } from './notification.ts';
import { isQuiet } from './quiet-hours.ts';
import type { Receiver, Route } from './receiver.ts';
import { receiversOf } from './routing.ts';

/** What a receiver was last sent about an alert. */
export interface Sent {
  readonly count: number;
  /** Unix ms. */
  readonly at: number;
}

/** An alert that at least one receiver was sent. */
export interface SentAlert {
  readonly content: AlertContent;
  /** Unix ms. */
  readonly since: number;
  /** How long it stays active after its cause was last seen. */
  readonly keepMs: number;
  /** The collectors that were working when it was sent. */
  readonly seenBy: readonly string[];
  /** By receiver. */
  readonly sent: Readonly<Record<string, Sent>>;
}

/** Everything that has to survive a crash: which alerts were sent, and what is still to be sent. */
export interface Ledger {
  /** By the fingerprint of the alert. */
  readonly alerts: ReadonlyMap<string, SentAlert>;
  /** Oldest first. */
  readonly queue: readonly Notification[];
}

export const emptyLedger: Ledger = { alerts: new Map(), queue: [] };

/** When each alert was last seen, Unix ms. It changes all the time, and need not survive. */
export type LastSeen = ReadonlyMap<string, number>;

export interface Round {
  readonly now: number;
  readonly host: Host;
  /** The alerts of the findings that are reported. */
  readonly raised: readonly RaisedAlert[];
  /** Fingerprints of alerts whose findings are pending: they are not new, and have not ended. */
  readonly pending: ReadonlySet<string>;
  /** Fingerprints of alerts whose findings the operator has muted. They end without a word. */
  readonly muted: ReadonlySet<string>;
  readonly receivers: readonly Receiver[];
  readonly routes: readonly Route[];
  /** The name of this host. */
  readonly hostName: string;
  /** Whether a receiver is not to be sent an alert now. */
  readonly skips?: (receiver: string, alert: AlertContent) => boolean;
  /** Whether no attempt was made to send a queued notification: its receiver cannot know it. */
  readonly isUntried?: (id: string) => boolean;
  readonly newId: () => string;
}

/** More critical alerts than this are not tracked, nor more others. A host that has as many is beyond help by messages. */
export const mostAlerts = 500;

/** Alerts that follow each other faster than this are one notification, where there are many. */
const burstMs = 10 * secondMs;

export interface Advance {
  readonly ledger: Ledger;
  readonly lastSeen: LastSeen;
  /** Alerts that no one is notified of, because there are too many. */
  readonly untracked: readonly RaisedAlert[];
}

/**
 * One step of the ledger. It is the same object if nothing is to be sent or forgotten, so that it is written to the disk only
 * then.
 */
export function advance(ledger: Ledger, lastSeen: LastSeen, round: Round): Advance {
  const alerts = new Map(ledger.alerts);
  const added: Notification[] = [];
  const seen = new Map<string, number>();
  const raised = new Map(round.raised.map((alert) => [fingerprint(alert), alert]));
  for (const [key, before] of ledger.alerts) {
    if (raised.has(key)) continue;
    const at = lastSeenAt(key, before, lastSeen, round);
    const after = round.muted.has(key) ? undefined : end(key, before, at, round, added);
    if (after === undefined) alerts.delete(key);
    else alerts.set(key, after);
    if (after !== undefined) seen.set(key, at);
  }
  const held = heldReceivers(ledger, round);
  const tracked = { critical: 0, other: 0 };
  for (const { content } of alerts.values()) tracked[kindOf(content.severity)] += 1;
  const untracked: RaisedAlert[] = [];
  for (const [key, alert] of raised) {
    seen.set(key, round.now);
    const kind = kindOf(alert.labels['severity']);
    if (!alerts.has(key) && tracked[kind] >= mostAlerts) {
      untracked.push(alert);
      continue;
    }
    const after = report(key, alert, ledger, round, held[kind], added);
    if (after !== undefined && !alerts.has(key)) tracked[kind] += 1;
    if (after !== undefined) alerts.set(key, after);
  }
  const isSame = added.length === 0 && isUnchanged(ledger.alerts, alerts);
  const told = withoutUntold(ledger, alerts, added, round);
  const queue = [...told.queue, ...combine(told.added, round)];
  return { ledger: isSame ? ledger : { alerts, queue }, lastSeen: seen, untracked };
}

type Kind = 'critical' | 'other';

function kindOf(severity: string | undefined): Kind {
  return severity === 'critical' ? 'critical' : 'other';
}

/**
 * The receivers that are not sent more now, by the kind of alert: in quiet hours, and while as many as a person can read at
 * once were sent a moment ago. What waits then is one notification.
 */
function heldReceivers({ alerts }: Ledger, { now, receivers }: Round): Readonly<Record<Kind, Set<string>>> {
  const critical = new Set<string>();
  const other = new Set<string>();
  for (const { name, quietHours, mostAtOnce = Number.POSITIVE_INFINITY } of receivers) {
    const recent = [...alerts.values()].filter(({ sent }) => {
      const at = Object.hasOwn(sent, name) ? sent[name]?.at : undefined;
      return at !== undefined && at < now && now - at < burstMs;
    });
    const recentCritical = recent.filter(({ content }) => content.severity === 'critical');
    if (recentCritical.length >= mostAtOnce) critical.add(name);
    if (recent.length >= mostAtOnce || isQuiet(quietHours, now)) other.add(name);
  }
  return { critical, other };
}

function isUnchanged(before: Ledger['alerts'], after: Ledger['alerts']): boolean {
  return before.size === after.size && [...after].every(([key, alert]) => before.get(key) === alert);
}

/**
 * The clock may have been set back; what is not known to have ended goes on. So does what a worse alert explains: its own
 * cause disappears while the pool is in a worse state, and that is no recovery.
 */
function lastSeenAt(
  key: string,
  { content, seenBy }: SentAlert,
  lastSeen: LastSeen,
  { now, host, pending, raised }: Round,
): number {
  const goesOn =
    pending.has(key) ||
    !isKnownToHaveEnded(content, seenBy, host) ||
    isExplained({ labels: labelsOf(content) }, raised);
  if (goesOn) return now;
  return Math.min(lastSeen.get(key) ?? now, now);
}

function labelsOf({ alert, severity, pool, resource, target }: AlertContent): TargetLabels {
  return withoutEmpty({ alertname: alert, severity, pool, resource, target });
}

/** Sends what is new or due about an active alert. */
function report(
  key: string,
  alert: RaisedAlert,
  { alerts, queue }: Ledger,
  round: Round,
  held: ReadonlySet<string>,
  added: Notification[],
): SentAlert | undefined {
  const { now, host, receivers, routes, raised, skips } = round;
  const before = alerts.get(key);
  const sent = new Map(Object.entries(before?.sent ?? {}));
  const maybeDue = receivers.filter(
    ({ name, repeatMs }) =>
      !held.has(name) &&
      isDue(sent.get(name), repeatMs, now) &&
      // A repeat waits until what was sent before has been accepted.
      !queue.some(
        (one) => one.receiver === name && one.status === 'firing' && mayBeAbout(one, key, sent.get(name)),
      ),
  );
  const names = maybeDue.length === 0 ? [] : receiversOf(alert, routes);
  const due = maybeDue.filter(({ name }) => names.includes(name));
  if (due.length === 0 || isExplained(alert, raised)) return before;
  const content = contentOf(alert);
  const since = Math.min(before?.since ?? now, alert.since, now);
  const queuedBefore = added.length;
  for (const { name } of due) {
    if (skips?.(name, content) === true) continue;
    const count = (sent.get(name)?.count ?? 0) + 1;
    sent.set(name, { count, at: now });
    added.push(notify(round, { key, receiver: name, status: 'firing', count, content, since }));
  }
  if (added.length === queuedBefore) return before;
  const seenBy = workingCollectors(host);
  return { content, since, keepMs: alert.keepMs, seenBy, sent: Object.fromEntries(sent) };
}

/** One that lists several may be about each that was sent before. */
function mayBeAbout(queued: Notification, key: string, sent: Sent | undefined): boolean {
  return queued.key === key || (queued.content.digest !== undefined && sent !== undefined);
}

/** Never sent, or long enough ago. A time in the future is from before the clock was set back. */
function isDue(sent: Sent | undefined, repeatMs: number, now: number): boolean {
  return sent === undefined || now - sent.at >= repeatMs || sent.at - now > repeatMs;
}

/** Sends that an alert has ended, to the receivers that were sent it. Undefined once there is none left. */
function end(
  key: string,
  before: SentAlert,
  seenAt: number,
  round: Round,
  added: Notification[],
): SentAlert | undefined {
  const { now, host, receivers } = round;
  // Ends that come one after the other are sent together.
  if (now < Math.ceil((seenAt + before.keepMs) / burstMs) * burstMs) return before;
  const { content, since } = before;
  if (isLeftOut(content, host)) return undefined;
  const status: Status = isGone(content, host) ? 'gone' : 'resolved';
  const waiting: Record<string, Sent> = {};
  for (const [receiver, sent] of Object.entries(before.sent)) {
    const to = receivers.find(({ name }) => name === receiver);
    // It was given up before it was accepted.
    if (sent.count === 0) continue;
    if (to?.sendsResolved !== true) continue;
    if (content.severity !== 'critical' && isQuiet(to.quietHours, now)) waiting[receiver] = sent;
    else added.push(notify(round, { key, receiver, status, count: sent.count + 1, content, since }));
  }
  const left = Object.keys(waiting).length;
  if (left === 0) return undefined;
  return left === Object.keys(before.sent).length ? before : { ...before, sent: waiting };
}

function notify({ now, newId }: Round, parts: Omit<Notification, 'id' | 'at'>): Notification {
  return { id: newId(), at: now, ...parts };
}

/** What an alert began with and was never tried is not sent once it has ended, nor its end. */
function withoutUntold(
  { alerts: before, queue }: Ledger,
  alerts: Ledger['alerts'],
  added: readonly Notification[],
  { isUntried = () => false }: Round,
): { readonly queue: readonly Notification[]; readonly added: readonly Notification[] } {
  const stale = queue.filter(
    ({ id, key, receiver, status }) =>
      status === 'firing' &&
      isUntried(id) &&
      before.has(key) &&
      !Object.hasOwn(alerts.get(key)?.sent ?? {}, receiver),
  );
  if (stale.length === 0) return { queue, added };
  const untold = new Set(stale.filter(({ count }) => count === 1).map(subjectOf));
  return {
    queue: queue.filter((one) => !stale.includes(one)),
    added: added.filter((one) => one.status === 'firing' || !untold.has(subjectOf(one))),
  };
}

function subjectOf({ receiver, key }: Notification): string {
  return JSON.stringify([receiver, key]);
}

/** Without what is about receivers that the configuration no longer has. */
export function withoutOthers(ledger: Ledger, receivers: readonly Pick<Receiver, 'name'>[]): Ledger {
  const names = new Set(receivers.map(({ name }) => name));
  const alerts = new Map<string, SentAlert>();
  for (const [key, alert] of ledger.alerts) {
    const sent = Object.fromEntries(Object.entries(alert.sent).filter(([name]) => names.has(name)));
    if (Object.keys(sent).length > 0) alerts.set(key, { ...alert, sent });
  }
  return { alerts, queue: ledger.queue.filter(({ receiver }) => names.has(receiver)) };
}

export function withoutNotification(ledger: Ledger, id: string): Ledger {
  return { ...ledger, queue: ledger.queue.filter((one) => one.id !== id) };
}

/** Without one that is given up. If it was the first about an alert, the receiver gets no end of it, and a first one when a repeat is due. */
export function withoutDropped(ledger: Ledger, { id, receiver, status, key, content }: Notification): Ledger {
  const alerts = new Map(ledger.alerts);
  const keys = status === 'firing' ? [key, ...(content.digest?.alerts ?? []).map((one) => one.key)] : [];
  for (const about of keys) {
    const alert = alerts.get(about);
    const sent =
      alert !== undefined && Object.hasOwn(alert.sent, receiver) ? alert.sent[receiver] : undefined;
    if (alert === undefined || sent === undefined) continue;
    const count = Math.max(0, sent.count - 1);
    alerts.set(about, { ...alert, sent: { ...alert.sent, [receiver]: { ...sent, count } } });
  }
  return withoutNotification({ ...ledger, alerts }, id);
}

/** Of all receivers together. */
export const mostQueued = 500;
/** Older news would only mislead. */
const oldestMs = dayMs;

/** Keeps the queue within its limits: what is too old goes first, then of the receiver with most the oldest that is not critical. */
export function trim(
  ledger: Ledger,
  now: number,
): { readonly ledger: Ledger; readonly dropped: readonly Notification[] } {
  const dropped = ledger.queue.filter(({ at }) => now - at > oldestMs);
  let rest = ledger.queue.filter((one) => !dropped.includes(one));
  while (rest.length > mostQueued) {
    const most = longestOf(rest);
    const oldest = most.find(({ content }) => content.severity !== 'critical') ?? most[0];
    if (oldest === undefined) break;
    dropped.push(oldest);
    rest = rest.filter((one) => one !== oldest);
  }
  return { ledger: dropped.reduce(withoutDropped, ledger), dropped };
}

/** What the receiver with the most has queued: one that accepts nothing takes no room from the others. */
function longestOf(queue: readonly Notification[]): readonly Notification[] {
  const names = [...new Set(queue.map(({ receiver }) => receiver))];
  return names
    .map((name) => queue.filter(({ receiver }) => receiver === name))
    .reduce((one, other) => (other.length > one.length ? other : one), []);
}

/** What to send to a receiver next: a critical one first, and none but these in quiet hours. Those with the ids `last` come last. */
export function nextFor(
  { name, quietHours }: Receiver,
  { queue }: Ledger,
  now: number,
  last: ReadonlySet<string> = new Set(),
): Notification | undefined {
  const own = queue.filter(({ receiver }) => receiver === name);
  const quiet = isQuiet(quietHours, now);
  const first = (some: readonly Notification[]) =>
    some.find(({ content }) => content.severity === 'critical') ?? (quiet ? undefined : some[0]);
  return first(own.filter(({ id }) => !last.has(id))) ?? first(own);
}
