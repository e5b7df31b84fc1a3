import {
  BytesIEC,
  BytesPerSecondIEC,
  NoUnit,
  PercentUnit,
  Seconds,
} from '@grafana/grafana-foundation-sdk/units';
import { asGoodAsNever } from './colours.ts';
import { leastTime, longTime } from './promql.ts';

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

/** For lines of times left: from a limit that has been reached to never, on a logarithmic axis. */
export const timeLeftAxis = {
  unit: units.seconds,
  min: leastTime,
  max: longTime,
  logarithmic: true,
  mappings: [asGoodAsNever],
  legendCalcs: ['lastNotNull', 'min'],
} as const;
