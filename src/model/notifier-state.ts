/** How one post ended: taken, refused for what it says, failed at the server, no answer in time, no way to get there. */
export const postOutcomes = ['ok', 'refused', 'failed', 'timed-out', 'unreachable'] as const;
export type PostOutcome = (typeof postOutcomes)[number];

/** How one Alertmanager fares. */
export interface PeerState {
  readonly posts: Readonly<Record<PostOutcome, number>>;
  /** Unix ms. */
  readonly lastSuccessAt?: number;
}

/** How the direct page fares. */
export interface DirectPageState {
  /** Alerts that hold now, and are told. */
  readonly alerts: number;
  /** In the order of the option. */
  readonly peers: readonly PeerState[];
}
