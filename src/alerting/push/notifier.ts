import type { Snapshot } from '../../model/host.ts';
import type { DirectPageState } from '../../model/notifier-state.ts';
import { secondMs } from '../../model/units.ts';
import { fingerprint, type RaisedAlert, type TargetLabels } from '../alert.ts';
import { alertsOfFindings } from '../from-findings.ts';
import { alertsOfTrends } from '../from-trends.ts';
import { Peer, type PeerOptions } from './alertmanager.ts';
import type { Post } from './post.ts';

export interface DirectPageOptions {
  readonly latest: () => Snapshot;
  readonly peers: readonly { readonly name: string; readonly post: Post }[];
  readonly labels: TargetLabels;
  readonly resendMs: number;
  readonly now: () => number;
  readonly log: PeerOptions['log'] & { readonly error: (fields: object, message: string) => void };
  /** How long an alert outlives its cause. Absent: as long as the alert says. */
  readonly keepMs?: (alert: RaisedAlert) => number;
}

interface Held {
  readonly alert: RaisedAlert;
  readonly since: number;
  readonly lastSeenAt: number;
  /** The evaluation that saw it last. */
  readonly look: number;
}

/** Some findings appear by the passing of time alone: those that must hold for a while, and data that gets too old. */
const lookEveryMs = secondMs;

/** Polls that end within this time are evaluated together. */
const togetherMs = 50;

/** Posts that may be lost before Alertmanager resolves an alert. */
const resendsPerLease = 4;

/**
 * Sends critical alerts to Alertmanager without going through Prometheus.
 *
 * No alert is ever resolved explicitly: each post keeps an alert active for as long as the rule would keep it firing, and
 * an alert that is no longer posted expires. Prometheus may raise the same alert. Of two posts, the later end counts; but
 * a resolution takes effect at once, and would end an alert that Prometheus still raises.
 */
export class DirectPage {
  readonly #options: DirectPageOptions;
  readonly #peers: readonly Peer[];
  #held: ReadonlyMap<string, Held> = new Map();
  #looks = 0;
  #beat: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;

  constructor(options: DirectPageOptions) {
    this.#options = options;
    const { peers, resendMs, now, log } = options;
    const body = (): string | undefined => this.#body();
    this.#peers = peers.map((peer) => new Peer({ ...peer, body, resendMs, now, log }));
    this.#beat = setInterval(() => this.#look(), lookEveryMs);
  }

  /** New data may be available. Evaluates it soon, without delaying the caller. */
  wake(): void {
    this.#soon ??= setTimeout(() => this.#look(), togetherMs);
  }

  state(): DirectPageState {
    return { alerts: this.#present().length, peers: this.#peers.map((peer) => peer.state()) };
  }

  /** Sends nothing: a restart of the exporter must neither resolve an alert nor page again. */
  close(): void {
    clearInterval(this.#beat);
    clearTimeout(this.#soon);
    this.#soon = undefined;
    for (const peer of this.#peers) peer.close();
  }

  #look(): void {
    clearTimeout(this.#soon);
    this.#soon = undefined;
    try {
      const present = new Set(this.#present().map(({ alert }) => fingerprint(alert)));
      this.#held = this.#follow(this.#raised());
      const isNew = this.#present().some(({ alert }) => !present.has(fingerprint(alert)));
      if (isNew) for (const peer of this.#peers) peer.wake();
    } catch (error) {
      this.#options.log.error({ err: error }, 'Evaluating alerts for direct notification failed');
    }
  }

  #raised(): readonly RaisedAlert[] {
    const { latest, labels, now } = this.#options;
    const { host, findings, trends } = latest();
    return [...alertsOfFindings(findings, labels, now()), ...alertsOfTrends(host, trends, labels)];
  }

  /** An alert that stops and recurs while it is kept stays one alert, with one start. */
  #follow(raised: readonly RaisedAlert[]): ReadonlyMap<string, Held> {
    const now = this.#options.now();
    this.#looks += 1;
    const held = new Map(
      [...this.#held].filter(([, { alert, lastSeenAt }]) => now - lastSeenAt < this.#leaseMs(alert)),
    );
    for (const alert of raised) {
      const key = fingerprint(alert);
      const since = Math.min(held.get(key)?.since ?? alert.since, alert.since, now);
      held.set(key, { alert, since, lastSeenAt: now, look: this.#looks });
    }
    return held;
  }

  #present(): readonly Held[] {
    return [...this.#held.values()].filter(({ look }) => look === this.#looks);
  }

  #leaseMs(alert: RaisedAlert): number {
    const { keepMs = ({ keepMs: own }: RaisedAlert) => own, resendMs } = this.#options;
    return Math.max(keepMs(alert), resendsPerLease * resendMs);
  }

  /** For POST /api/v2/alerts of Alertmanager. */
  #body(): string | undefined {
    const now = this.#options.now();
    const present = this.#present();
    if (present.length === 0) return undefined;
    return JSON.stringify(
      present.map(({ alert, since }) => ({
        labels: alert.labels,
        annotations: alert.annotations,
        startsAt: new Date(since).toISOString(),
        endsAt: new Date(now + this.#leaseMs(alert)).toISOString(),
      })),
    );
  }
}
