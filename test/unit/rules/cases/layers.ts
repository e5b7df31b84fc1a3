import type { Layer } from '../../../../src/model/facts.ts';
import type { Host } from '../../../../src/model/host.ts';
import { type CodeCases, hostWith } from '../each-code.ts';

const GiB = 1024 ** 3;

/** A pool whose data stands on a device in this state. */
function on(layer: Layer): Host {
  const { target } = layer;
  return hostWith({ stack: [{ resource: 'data', depth: 0, device: '253:7', name: 'under', target, layer }] });
}

const vdo = (leftGiB: number, readOnly = false): Host =>
  on({
    target: 'vdo',
    readOnly,
    recovering: false,
    usedBytes: (100 - leftGiB) * GiB,
    sizeBytes: 100 * GiB,
  });
const raid = (failedDevices: number): Host =>
  on({
    target: 'raid',
    type: 'raid1',
    devices: 2,
    failedDevices,
    syncedSectors: 5,
    sectors: 10,
    action: 'recover',
  });
const paths = (failedPaths: number): Host => on({ target: 'multipath', paths: 2, failedPaths });

export const layerCases: CodeCases = {
  'vdo-full': {
    fires: vdo(1),
    summary: 'pool vg0-data stands on VDO volume under, which has 1.0 GiB of 100 GiB left',
    quiet: vdo(2),
  },
  'vdo-nearly-full': {
    fires: vdo(14),
    summary: 'pool vg0-data stands on VDO volume under, which has 14.0 GiB left (86.00% used)',
    quiet: vdo(15),
  },
  'vdo-read-only': {
    fires: vdo(50, true),
    summary: 'pool vg0-data stands on VDO volume under, which is read-only',
    quiet: vdo(50),
  },
  'raid-degraded': {
    fires: raid(1),
    summary: 'pool vg0-data stands on raid1 under, of which 1 of 2 devices failed',
    // It is being synchronized, with all its devices.
    quiet: raid(0),
  },
  'cache-unusable': {
    fires: on({ target: 'cache', failed: true }),
    severity: 'critical',
    summary: 'pool vg0-data stands on cache under, which has failed',
    quiet: on({ target: 'cache', failed: false, readOnly: false, needsCheck: false }),
  },
  'paths-failed': {
    fires: paths(1),
    summary: 'pool vg0-data stands on multipath device under, of which 1 of 2 paths failed',
    quiet: paths(0),
  },
};
