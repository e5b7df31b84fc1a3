import type { DeviceTraffic } from '../../../../src/model/facts.ts';
import type { Host } from '../../../../src/model/host.ts';
import type { Pool, Volume } from '../../../../src/model/pool.ts';
import { makeHost } from '../../../support/makers.ts';
import { type CodeCases, lvmPool } from '../each-code.ts';

const GiB = 1024 ** 3;
export const dayMs = 86_400_000;

/** A volume that maps 10 GiB and has written 40 GiB, on a host that has been up for long. */
export function hostThatWrites(
  traffic: Partial<DeviceTraffic> = {},
  volume: Partial<Volume> = {},
  pool: Partial<Pool> = {},
): Host {
  const one: Volume = {
    name: 'vg0-home',
    device: '253:9',
    suspended: false,
    sizeBytes: 100 * GiB,
    mappedBytes: 10 * GiB,
    lvName: 'home',
    ...volume,
  };
  return makeHost({
    takenAt: 100 * dayMs,
    pools: [lvmPool({ volumes: [one], ...pool })],
    deviceTraffic: [
      { name: 'vg0-home', device: '253:9', writtenBytes: 40 * GiB, discardedBytes: 0, ...traffic },
    ],
  });
}

export const discardCases: CodeCases = {
  'never-discards': {
    fires: hostThatWrites(),
    summary:
      'pool vg0-data has a volume that has never discarded a block (vg0-home: 40.0 GiB written, 10.0 GiB mapped)',
    quiet: hostThatWrites({ discardedBytes: 4096 }),
  },
};
