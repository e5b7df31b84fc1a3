import type { Host } from '../../model/host.ts';
import { minuteMs, secondMs } from '../../model/units.ts';
import { defineCollector, type Query } from '../collector.ts';
import { leftOut } from '../shared/partly.ts';
import { readNamed, statusOf } from './batch-status.ts';
import { dmsetup } from './command.ts';
import { parseLayerStatus } from './layer-status.ts';
import { scrambling } from './scrambling.ts';

const collector = 'layers';

/** More than any pool stands on. */
const devicesMax = 64;

// Each device has a query of its own: one that hangs hides only itself. None is about a pool, so that a slow VDO does not make
// the pool look late, which would block LVM.
export const layers = defineCollector({
  name: collector,
  help: 'VDO, RAID, cache and multipath devices under the pools: free space, failed devices and paths.',
  needs: dmsetup,
  scrambling,
  defaults: { intervalMs: minuteMs, timeoutMs: 10 * secondMs },
  queries: (host) => namesIn(host).map(queryLayer),
});

function namesIn({ pools }: Host): readonly string[] {
  const names = pools
    .filter(({ excluded }) => excluded !== true)
    .flatMap(({ stack }) => stack)
    .flatMap(({ target, name }) => (target === undefined || name === undefined ? [] : [name]));
  return [...new Set(names)].sort().slice(0, devicesMax);
}

function queryLayer(name: string): Query {
  return {
    key: name,
    variants: [
      {
        input: { command: statusOf([name]) },
        parse: (output) => {
          const { records, unreadable } = readNamed(output, [name], parseLayerStatus);
          return { layers: records, ...leftOut(collector, unreadable) };
        },
      },
    ],
  };
}
