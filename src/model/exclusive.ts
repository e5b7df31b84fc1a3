import type { DeviceNumber } from './facts.ts';

/** The pool that was measured, recognised again later. The device number is that of one boot. */
export interface MeasuredPool {
  readonly dmName: string;
  readonly uuid?: string;
  readonly device: DeviceNumber;
  readonly bootId: string;
}

/** What the thin volumes of a pool share, as its metadata said at one moment. */
export interface ExclusiveSpace extends MeasuredPool {
  /** Unix ms at which the metadata snapshot was reserved. */
  readonly takenAt: number;
  readonly blockBytes: number;
  readonly volumes: readonly MeasuredVolume[];
}

export interface MeasuredVolume {
  readonly deviceId: number;
  readonly mappedBlocks: number;
  /** Mapped by no other volume. */
  readonly exclusiveBlocks: number;
}

/**
 * How the latest attempt for a pool ended. `held`: another tool has reserved its metadata snapshot; `unhealthy`: the pool is
 * in no state to be touched; `not-installed`: there is no thin_ls.
 */
export type MeasureOutcome = 'measured' | 'held' | 'unhealthy' | 'not-installed' | 'timed-out' | 'failed';

/** Everything known of exclusive space. */
export interface ExclusiveState {
  readonly spaces: readonly ExclusiveSpace[];
  readonly outcomes: readonly { readonly dmName: string; readonly outcome: MeasureOutcome }[];
  /** The pool whose metadata snapshot is being read right now (dm name). */
  readonly holding?: string;
}
