/** The outcome of one request: accepted, rejected for its content, failed at the server, no response in time, not connected. */
export const postOutcomes = ['ok', 'refused', 'failed', 'timed-out', 'unreachable'] as const;
export type PostOutcome = (typeof postOutcomes)[number];

/** The state of one Alertmanager. */
export interface PeerState {
  readonly posts: Readonly<Record<PostOutcome, number>>;
  /** Unix ms. */
  readonly lastSuccessAt?: number;
}

/** The state of direct notifications. */
export interface NotifierState {
  /** Number of active alerts. */
  readonly alerts: number;
  /** In the order of the option. */
  readonly peers: readonly PeerState[];
}
