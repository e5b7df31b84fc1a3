import type { Snapshot } from '../../model/host.ts';
import type { NotifierState } from '../../model/notifier-state.ts';
import { secondMs } from '../../model/units.ts';
import { fingerprint, type RaisedAlert, type TargetLabels } from '../alert.ts';
import { withoutExplained } from '../explained.ts';
import { alertsOfFindings } from '../from-findings.ts';
import { Peer, type PeerOptions } from './alertmanager.ts';
import type { Post } from './post.ts';

export interface NotifierOptions {
  readonly latest: () => Snapshot;
  readonly peers: readonly { readonly name: string; readonly post: Post }[];
  readonly labels: TargetLabels;
  readonly resendMs: number;
  readonly now: () => number;
  readonly log: PeerOptions['log'] & { readonly error: (fields: object, message: string) => void };
  /** How long an alert outlives its cause. Absent: as long as the alert says. */
  readonly keepMs?: (alert: RaisedAlert) => number;
}

interface NotifiedAlert {
  readonly alert: RaisedAlert;
  readonly since: number;
  readonly lastSeenAt: number;
  /** The evaluation that saw it last. */
  readonly round: number;
}

/** Some findings appear by the passing of time alone: those that must hold for a while, and data that gets too old. */
const updateEveryMs = secondMs;

/** Polls that end within this time are evaluated together. */
const batchMs = 50;

/** Posts that may be lost before Alertmanager resolves an alert. */
const resendsPerLease = 4;

/**
 * Sends critical alerts to Alertmanager without going through Prometheus.
 *
 * No alert is ever resolved explicitly: each post keeps an alert active for as long as the rule would keep it firing, and
 * an alert that is no longer posted expires. Prometheus may raise the same alert. Of two posts, the later end counts; but
 * a resolution takes effect at once, and would end an alert that Prometheus still raises.
 */
export class AlertmanagerNotifier {
  readonly #options: NotifierOptions;
  readonly #peers: readonly Peer[];
  #alerts: ReadonlyMap<string, NotifiedAlert> = new Map();
  #round = 0;
  #timer: NodeJS.Timeout | undefined;
  #wakeTimer: NodeJS.Timeout | undefined;

  constructor(options: NotifierOptions) {
    this.#options = options;
    const { peers, resendMs, now, log } = options;
    const body = (): string | undefined => this.#body();
    this.#peers = peers.map((peer) => new Peer({ ...peer, body, resendMs, now, log }));
    this.#timer = setInterval(() => this.#update(), updateEveryMs);
  }

  /** New data may be available. Evaluates it soon, without delaying the caller. */
  wake(): void {
    this.#wakeTimer ??= setTimeout(() => this.#update(), batchMs);
  }

  state(): NotifierState {
    return { alerts: this.#firing().length, peers: this.#peers.map((peer) => peer.state()) };
  }

  /** Sends nothing: a restart of the exporter must neither resolve an alert nor page again. */
  close(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#wakeTimer);
    this.#wakeTimer = undefined;
    for (const peer of this.#peers) peer.close();
  }

  #update(): void {
    clearTimeout(this.#wakeTimer);
    this.#wakeTimer = undefined;
    try {
      const firing = new Set(this.#firing().map(({ alert }) => fingerprint(alert)));
      this.#alerts = this.#merge(this.#raised());
      const isNew = this.#firing().some(({ alert }) => !firing.has(fingerprint(alert)));
      if (isNew) for (const peer of this.#peers) peer.wake();
    } catch (error) {
      this.#options.log.error({ err: error }, 'Evaluating alerts for direct notification failed');
    }
  }

  #raised(): readonly RaisedAlert[] {
    const { latest, labels, now } = this.#options;
    const raised = alertsOfFindings(latest().findings, labels, now());
    return withoutExplained(raised, (alert) => this.#alerts.has(fingerprint(alert)));
  }

  /** An alert that stops and recurs while it is kept stays one alert, with one start. */
  #merge(raised: readonly RaisedAlert[]): ReadonlyMap<string, NotifiedAlert> {
    const now = this.#options.now();
    this.#round += 1;
    const alerts = new Map(
      [...this.#alerts].filter(([, { alert, lastSeenAt }]) => now - lastSeenAt < this.#leaseMs(alert)),
    );
    for (const alert of raised) {
      const key = fingerprint(alert);
      const since = Math.min(alerts.get(key)?.since ?? alert.since, alert.since, now);
      alerts.set(key, { alert, since, lastSeenAt: now, round: this.#round });
    }
    return alerts;
  }

  #firing(): readonly NotifiedAlert[] {
    return [...this.#alerts.values()].filter(({ round }) => round === this.#round);
  }

  #leaseMs(alert: RaisedAlert): number {
    const { keepMs = ({ keepMs: own }: RaisedAlert) => own, resendMs } = this.#options;
    return Math.max(keepMs(alert), resendsPerLease * resendMs);
  }

  /** For POST /api/v2/alerts of Alertmanager. */
  #body(): string | undefined {
    const now = this.#options.now();
    const firing = this.#firing();
    if (firing.length === 0) return undefined;
    return JSON.stringify(
      firing.map(({ alert, since }) => ({
        labels: alert.labels,
        annotations: alert.annotations,
        startsAt: new Date(since).toISOString(),
        endsAt: new Date(now + this.#leaseMs(alert)).toISOString(),
      })),
    );
  }
}
