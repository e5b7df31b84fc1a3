import { fingerprint, type RaisedAlert } from '../../alerting/alert.ts';
import { allAlertsOfFindings } from '../../alerting/from-findings.ts';
import { settled } from '../../io/settled.ts';
import type { StateFile } from '../../io/state-file.ts';
import { late, within } from '../../io/within.ts';
import type { Finding } from '../../model/finding.ts';
import type { Snapshot } from '../../model/host.ts';
import type { NotifierSummary, ReceiverState } from '../../model/notify-state.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { secondMs } from '../../model/units.ts';
import { type Endpoint, kindOf } from '../file/endpoint.ts';
import type { NotifyConfig } from '../file/load.ts';
import {
  advance,
  emptyLedger,
  type LastSeen,
  type Ledger,
  nextFor,
  trim,
  withoutDropped,
  withoutNotification,
  withoutOthers,
} from '../ledger.ts';
import type { AlertContent, Notification } from '../notification.ts';
import { readRecord, writeRecord } from '../record.ts';
import { receiversOf } from '../routing.ts';
import type { Deliver } from './delivery.ts';
import { Sender, type SenderOptions } from './sender.ts';
import { Store } from './store.ts';
import { Tally } from './tally.ts';

export interface NotifierOptions {
  readonly latest: () => Snapshot;
  readonly config: NotifyConfig;
  /** The name of this host. */
  readonly host: string;
  /** Absent: nothing survives a restart. */
  readonly file?: StateFile;
  readonly open: (endpoint: Endpoint) => Deliver;
  readonly newId: () => string;
  readonly now: () => number;
  readonly log: SenderOptions['log'];
  /** How often it judges and sends. Tests use a shorter time. */
  readonly roundMs?: number;
}

/** Some findings appear by the passing of time alone. */
const usualRoundMs = secondMs;
/** A notification is sent when it is on the disk. It does not wait longer for a disk that may hang because of its cause. */
const diskMs = 2 * secondMs;
const readMs = 5 * secondMs;
const closeMs = secondMs;
/** What is accepted while the exporter ends need not be sent again by the next run. */
const lastDeliveryMs = 1500;

/** A sender, and a text that differs where its receiver does. */
interface OpenSender {
  readonly sender: Sender;
  readonly endpoint: string;
}

/** Sends notifications to the receivers of a file. What is not accepted yet, and what was sent, is kept on the disk. */
export class Notifier {
  readonly #options: NotifierOptions;
  readonly #store: Store;
  #config: NotifyConfig;
  #senders: ReadonlyMap<string, OpenSender> = new Map();
  #ledger: Ledger = emptyLedger;
  #lastSeen: LastSeen = new Map();
  /** Notifications that are perhaps not on the disk yet. */
  readonly #unsaved = new Map<string, { readonly version: number; readonly madeAt: number }>();
  /** Ids of notifications of this run that no one was sent. Those of an earlier run may have been. */
  readonly #untried = new Set<string>();
  /** Fingerprints of alerts that are too many. */
  #untracked: ReadonlySet<string> = new Set();
  readonly #dropped = new Map<string, number>();
  readonly #tallies = new Map<string, Tally>();
  #timer: NodeJS.Timeout | undefined;
  /** Whether what an earlier run has left is known. Until then nothing may replace it. */
  #hasRead = false;
  #isClosed = false;

  constructor(options: NotifierOptions) {
    this.#options = options;
    this.#config = options.config;
    const { file, log } = options;
    this.#store = new Store({ log, saved: () => this.#wake(), ...omitUndefined({ file }) });
    this.#openSenders(options.config);
  }

  /** Begins when what an earlier run has left is known, or cannot be read. */
  async start(): Promise<void> {
    this.#ledger = withoutOthers(await this.#readLedger(), this.#config.receivers);
    if (this.#isClosed) return;
    this.#hasRead = true;
    this.#timer = setInterval(() => this.#update(), this.#options.roundMs ?? usualRoundMs);
    this.#update();
  }

  /** Takes other receivers and routes. What is queued for a receiver that is gone is dropped. */
  reconfigure(config: NotifyConfig): void {
    this.#config = config;
    const before = this.#ledger.queue.length;
    this.#openSenders(config);
    if (!this.#hasRead) return;
    this.#commit(withoutOthers(this.#ledger, config.receivers));
    const dropped = before - this.#ledger.queue.length;
    if (dropped > 0)
      this.#options.log.warn(
        { dropped },
        'Notifications for receivers that are no longer configured are dropped',
      );
  }

  state(): Omit<NotifierSummary, 'lastReloadWorked' | 'queueDevice'> {
    return {
      receivers: this.#config.receivers.map((receiver) => this.#receiverState(receiver)),
      alerts: this.#ledger.alerts.size,
      ...omitUndefined({ queueFailure: this.#store.failure() }),
    };
  }

  /** Sends nothing about the end of alerts: they go on. Returns when the queue is on the disk, or soon. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    const deliveries = [...this.#senders.values()].map(({ sender }) => sender.close());
    await settled(Promise.all(deliveries), lastDeliveryMs);
    await settled(this.#store.flush(), closeMs);
    this.#store.close();
  }

  async #readLedger(): Promise<Ledger> {
    const { file, log } = this.#options;
    if (file === undefined) return emptyLedger;
    try {
      const text = await within(file.read(), readMs);
      if (text === late) throw new Error(`it is not read within ${readMs} ms`);
      const ledger = text === undefined ? emptyLedger : readRecord(text);
      if (ledger !== undefined) return ledger;
      throw new Error('it is not in the format of this version');
    } catch (error) {
      log.error({ err: error }, 'The queue of notifications cannot be read; what was in it is lost');
      return emptyLedger;
    }
  }

  /** A receiver that did not change goes on. One that did begins when the delivery to the one before has ended. */
  #openSenders(config: NotifyConfig): void {
    const before = this.#senders;
    this.#senders = new Map(
      config.receivers.map((receiver) => {
        const { name } = receiver;
        const endpoint = JSON.stringify(receiver);
        const known = before.get(name);
        if (known?.endpoint === endpoint) return [name, known];
        if (known !== undefined) this.#tallyOf(name).endFailure();
        return [name, { endpoint, sender: this.#openSender(receiver, known?.sender.close()) }];
      }),
    );
    for (const [name, { sender }] of before) if (!this.#senders.has(name)) void sender.close();
    for (const { sender } of this.#senders.values()) sender.retry();
  }

  #openSender(receiver: Endpoint, after: Promise<void> | undefined): Sender {
    const { open, log } = this.#options;
    return new Sender({
      name: receiver.name,
      deliver: this.#noting(open(receiver)),
      next: (last) => this.#next(receiver, new Set(last)),
      settled: (notification, isAccepted) => this.#settle(notification, isAccepted),
      tally: this.#tallyOf(receiver.name),
      log,
      ...omitUndefined({ after }),
    });
  }

  #noting(deliver: Deliver): Deliver {
    return (notification) => {
      this.#untried.delete(notification.id);
      return deliver(notification);
    };
  }

  #next(receiver: Endpoint, last: ReadonlySet<string>): Notification | undefined {
    const next = nextFor(receiver, this.#ledger, this.#options.now(), last);
    return next !== undefined && this.#isReady(next.id) ? next : undefined;
  }

  #isReady(id: string): boolean {
    const unsaved = this.#unsaved.get(id);
    if (unsaved === undefined) return true;
    const { version, madeAt } = unsaved;
    const isReady =
      this.#store.has(version) || this.#store.failure() !== undefined || performance.now() - madeAt >= diskMs;
    if (this.#store.has(version)) this.#unsaved.delete(id);
    return isReady;
  }

  #settle(notification: Notification, isAccepted: boolean): void {
    const { id, receiver } = notification;
    if (!isAccepted) this.#countDropped(receiver);
    this.#unsaved.delete(id);
    this.#commit(
      isAccepted ? withoutNotification(this.#ledger, id) : withoutDropped(this.#ledger, notification),
    );
  }

  #update(): void {
    try {
      this.#round();
    } catch (error) {
      this.#options.log.error({ err: error }, 'Evaluating alerts for notifications failed');
    }
    this.#wake();
  }

  #round(): void {
    const { latest, newId, log } = this.#options;
    const now = this.#options.now();
    const { host, findings, pending, muted = [] } = latest();
    const alerts = this.#alertsOf(findings, now);
    const { ledger, lastSeen, untracked } = advance(this.#ledger, this.#lastSeen, {
      now,
      host,
      raised: alerts.filter((alert) => isOldEnough(alert, now)),
      pending: fingerprints([
        ...this.#alertsOf(pending, now),
        ...alerts.filter((alert) => !isOldEnough(alert, now)),
      ]),
      muted: fingerprints(this.#alertsOf(muted, now)),
      hostName: this.#options.host,
      receivers: this.#config.receivers,
      routes: this.#config.routes,
      skips: (receiver, content) => this.#skips(receiver, content),
      isUntried: (id) => this.#untried.has(id),
      newId,
    });
    this.#lastSeen = lastSeen;
    this.#noteUntracked(untracked);
    const trimmed = trim(ledger, now);
    for (const { receiver, content } of trimmed.dropped) {
      this.#countDropped(receiver);
      log.error(
        { receiver, alert: content.alert, pool: content.pool },
        'The queue of notifications is full or too old; one is dropped',
      );
    }
    if (trimmed.ledger !== this.#ledger) this.#commit(trimmed.ledger);
  }

  #noteUntracked(alerts: readonly RaisedAlert[]): void {
    const added = alerts.filter((alert) => !this.#untracked.has(fingerprint(alert)));
    this.#untracked = fingerprints(alerts);
    for (const alert of added)
      for (const receiver of receiversOf(alert, this.#config.routes)) this.#countDropped(receiver);
    if (added.length > 0)
      this.#options.log.error({ dropped: added.length }, 'Too many alerts; no one is notified of these');
  }

  #alertsOf(findings: readonly Finding[], now: number): readonly RaisedAlert[] {
    return allAlertsOfFindings(findings, { instance: this.#options.host }, now);
  }

  /** A receiver that cannot be reached is not informed of that later: by then it is over. */
  #skips(receiver: string, { alert }: AlertContent): boolean {
    return alert === 'ThinPoolNotifyFailing' && this.#tallyOf(receiver).failures > 0;
  }

  #commit(ledger: Ledger): void {
    const known = new Set(this.#ledger.queue.map(({ id }) => id));
    this.#ledger = ledger;
    const version = this.#store.save(() => writeRecord(this.#ledger));
    const queued = new Set(ledger.queue.map(({ id }) => id));
    for (const id of this.#unsaved.keys()) if (!queued.has(id)) this.#unsaved.delete(id);
    for (const id of this.#untried) if (!queued.has(id)) this.#untried.delete(id);
    for (const id of queued) {
      if (known.has(id)) continue;
      this.#unsaved.set(id, { version, madeAt: performance.now() });
      this.#untried.add(id);
    }
  }

  #wake(): void {
    if (!this.#isClosed) for (const { sender } of this.#senders.values()) sender.wake();
  }

  #countDropped(receiver: string): void {
    this.#dropped.set(receiver, (this.#dropped.get(receiver) ?? 0) + 1);
  }

  #receiverState(endpoint: Endpoint): ReceiverState {
    const { name } = endpoint;
    return {
      name,
      kind: kindOf(endpoint),
      ...this.#tallyOf(name).state(),
      queued: this.#ledger.queue.filter(({ receiver }) => receiver === name).length,
      dropped: this.#dropped.get(name) ?? 0,
    };
  }

  #tallyOf(name: string): Tally {
    const tally = this.#tallies.get(name) ?? new Tally(this.#options.now);
    this.#tallies.set(name, tally);
    return tally;
  }
}

function isOldEnough({ since, afterMs }: RaisedAlert, now: number): boolean {
  return now - since >= afterMs;
}

function fingerprints(alerts: readonly RaisedAlert[]): ReadonlySet<string> {
  return new Set(alerts.map(fingerprint));
}
