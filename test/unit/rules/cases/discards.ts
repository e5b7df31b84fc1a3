import type { DeviceTraffic, VolumeUsage } from '../../../../src/model/facts.ts';
import type { Host } from '../../../../src/model/host.ts';
import type { Pool, Volume } from '../../../../src/model/pool.ts';
import { makeHost, makeSpace, makeVolume } from '../../../support/makers.ts';
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

/** A pool of 200 GiB, and a volume of 100 GiB of which 60 GiB are mapped and 40 GiB used. */
export function hostToTrim(
  usage: Partial<VolumeUsage> = {},
  pool: Partial<Pool> = {},
  volume: Partial<Volume> = {},
): Host {
  const name = 'vg0-home';
  const one = { ...makeVolume('253:9'), name, sizeBytes: 100 * GiB, mappedBytes: 60 * GiB, ...volume };
  return makeHost({
    pools: [lvmPool({ volumes: [one], data: makeSpace(160, 200, GiB), ...pool })],
    volumeMounts: [{ name, device: '253:9', mountPoint: '/home', source: '/dev/mapper/vg0-home' }],
    volumeUsages: [
      {
        name,
        device: '253:9',
        sizeBytes: 99 * GiB,
        usedBytes: 40 * GiB,
        mappedBytes: 60 * GiB,
        ...usage,
      },
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
  'trim-would-free': {
    fires: hostToTrim(),
    summary:
      'pool vg0-data would get back at most 20.0 GiB from a trim (10.00% of its data): vg0-home (20.0 GiB)',
    quiet: hostToTrim({ usedBytes: 49 * GiB }),
  },
};
