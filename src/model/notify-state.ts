import type { PostOutcome } from './notifier-state.ts';

/** How the requests to one address end. */
export interface DeliveryState {
  readonly posts: Readonly<Record<PostOutcome, number>>;
  /** Unix ms. */
  readonly lastSuccessAt?: number;
  /** Unix ms of the first of the failures in a row. */
  readonly failingSince?: number;
  /** The reason of the latest failure; absent while requests succeed. Contains no secret. */
  readonly why?: string;
}

/** The state of one receiver of notifications. */
export interface ReceiverState extends DeliveryState {
  readonly name: string;
  /** `ntfy`, `email`, `exec`. */
  readonly kind: string;
  /** Notifications that it has not accepted yet. */
  readonly queued: number;
  /** Notifications that were given up since the exporter started. */
  readonly dropped: number;
}

/** The state of `--notify.config.file`. */
export interface NotifierSummary {
  /** In the order of the file. */
  readonly receivers: readonly ReceiverState[];
  /** Number of alerts that were sent and have not ended. */
  readonly alerts: number;
  /** Why the queue cannot be written to its file; absent while it can. */
  readonly queueFailure?: string;
  /** Major and minor number of the device that the queue is stored on. */
  readonly queueDevice?: string;
  readonly lastReloadWorked: boolean;
}

/** The state of what informs people without Prometheus. */
export interface NotifyState {
  readonly notifier?: NotifierSummary;
  readonly heartbeat?: DeliveryState;
}
