import type { MinimumFree, Resource } from './pool.ts';

/** Why nothing can be written to a pool, whatever is free in it. */
export type Unwritable = 'inactive' | 'failed' | 'needs-check' | 'read-only' | 'suspended';

/** Why it is not known how much a limit leaves. */
export type UnknownRoom = 'space' | 'block-size' | 'loop-file' | 'docker';

/** What can be written to a pool until something refuses. */
export interface RoomLimit {
  readonly resource: Resource;
  /** `full`: writes fail. `minimum_free`: Docker refuses, or the operator wants it free. `new_volumes`: LVM creates no volumes. */
  readonly limit: 'full' | 'minimum_free' | 'new_volumes';
  readonly origin?: MinimumFree['origin'];
  /** Bytes of data, negative below the limit. Absent: unknown. */
  readonly leftBytes?: number;
  readonly unknown?: UnknownRoom;
}

/** In the order of their exit codes. */
export const fits = ['fits', 'tight', 'does_not_fit', 'unknown'] as const;
export type Fit = (typeof fits)[number];

/** Whether bytes fit in a pool, and what limits them. */
export interface RoomVerdict {
  readonly pool: string;
  /** As given: bytes that will be written. */
  readonly bytes: number;
  readonly newVolume: boolean;
  readonly verdict: Fit;
  /** Why, as a sentence. */
  readonly reason: string;
  /** Bytes that can be written until the first limit that refuses a write, without an extension. Absent: unknown. */
  readonly leftBytes?: number;
  /** Least left first, what is not known last. */
  readonly limits: readonly JudgedLimit[];
  /** Whether LVM would create a thin volume or a snapshot now. Absent for a pool whose volumes LVM does not create. */
  readonly newVolumes?: 'accepted' | 'refused' | 'unknown';
  /** The extensions by LVM without which it does not fit. */
  readonly extensions?: number;
  /** Of data. Absent: not known. */
  readonly growthBytesPerSecond?: number;
}

export interface JudgedLimit extends Pick<RoomLimit, 'resource' | 'limit' | 'origin'> {
  /** 0 from the limit on. */
  readonly leftBytes?: number;
  /** These bytes would pass it. */
  readonly isHit?: true;
  /** Why it is not known what is left, as a clause. */
  readonly unknown?: string;
}
