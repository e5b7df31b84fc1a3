import {
  BytesIEC,
  BytesPerSecondIEC,
  NoUnit,
  PercentUnit,
  Seconds,
} from '@grafana/grafana-foundation-sdk/units';

/** Binary units: the kernel and LVM count in powers of 2. */
export const units = {
  none: NoUnit,
  bytes: BytesIEC,
  bytesPerSecond: BytesPerSecondIEC,
  share: PercentUnit,
  seconds: Seconds,
} as const;

/** For a count. */
export const counted = { unit: units.none, decimals: 0, min: 0 } as const;
