import type { Finding } from '../../model/finding.ts';
import type { Host } from '../../model/host.ts';
import type { DirectPageState } from '../../model/notifier-state.ts';
import type { PoolTrend } from '../../model/trend.ts';
import { secondMs } from '../../model/units.ts';
import { fingerprint, type RaisedAlert, type TargetLabels } from '../alert.ts';
import { alertsOfFindings } from '../from-findings.ts';
import { alertsOfTrends } from '../from-trends.ts';
import { Peer, type PeerOptions } from './alertmanager.ts';
import type { Post } from './post.ts';

/** What is judged at one moment. */
export interface Judged {
  readonly host: Host;
  readonly findings: readonly Finding[];
  readonly trends: readonly PoolTrend[];
}

export interface DirectPageOptions {
  readonly latest: () => Judged;
  readonly peers: readonly { readonly name: string; readonly post: Post }[];
  readonly labels: TargetLabels;
  readonly resendMs: number;
  readonly now: () => number;
  readonly log: PeerOptions['log'] & { readonly error: (fields: object, message: string) => void };
  /** How long an alert outlives its cause; its own time where absent. */
  readonly keepMs?: (alert: RaisedAlert) => number;
}

interface Held {
  readonly alert: RaisedAlert;
  readonly since: number;
  readonly lastSeenAt: number;
  /** The look that saw it last. */
  readonly look: number;
}

/** Time itself makes findings: those that have to hold for a while, and readings that grow too old. */
const lookEveryMs = secondMs;

/** Readings that end together are judged together. */
const togetherMs = 50;

/** Posts that may be lost before Alertmanager takes an alert for ended. */
const resendsPerLease = 4;

/**
 * Tells Alertmanager what is critical, without the way through Prometheus.
 *
 * Nothing is ever called resolved: each post holds an alert for as long as the rule would keep it firing, and what is no
 * longer posted ends by itself. Prometheus may raise the same alert, and of two posts the later end holds, but a
 * resolution holds at once: it would end what the other one still raises.
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

  /** There may be something new: looks at it soon, and delays nobody. */
  wake(): void {
    this.#soon ??= setTimeout(() => this.#look(), togetherMs);
  }

  state(): DirectPageState {
    return { alerts: this.#present().length, peers: this.#peers.map((peer) => peer.state()) };
  }

  /** Ends without a word: an exporter that is started again shall neither end a page nor page again. */
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

  /** What comes and goes within the time that it is kept is one alert, with one beginning. */
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

  /** As Alertmanager's API v2 takes it (POST /api/v2/alerts). */
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
