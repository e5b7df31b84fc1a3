import type { DeviceNumber } from '../../model/facts.ts';
import type { Host } from '../../model/host.ts';
import { dmKernelName } from '../../model/names.ts';
import { secondMs } from '../../model/units.ts';
import { defineSource } from '../collector.ts';
import { countKernelEvents, type OwnerOf } from './events.ts';
import { parseKernelLog } from './log.ts';

// The first reading holds what the kernel still has since boot, so the counts begin there, and an exporter that is
// started anew comes to much the same numbers.
export const kmsg = defineSource({
  name: 'kmsg',
  help: 'Kernel messages about thin pools, the file systems on them and the devices under them, and tasks that hang in storage.',
  needs: '/dev/kmsg (CAP_SYSLOG)',
  defaults: { intervalMs: 5 * secondMs, timeoutMs: 2 * secondMs },
  questions: (known) => {
    const ownerOf = findOwners(known);
    return [
      {
        key: 'log',
        ways: [
          {
            access: { kernelLog: '/dev/kmsg' },
            parse: ({ stdout, takenAt }, before) => ({
              kernelEvents: countKernelEvents(
                parseKernelLog(stdout),
                takenAt,
                before?.kernelEvents ?? [],
                ownerOf,
              ),
            }),
          },
        ],
      },
    ];
  },
});

/** By number and by kernel name, the pools and their volumes. */
function findOwners(known: Host): OwnerOf {
  const owners = new Map<string, { readonly pool: DeviceNumber; readonly createdAfter: number }>();
  for (const pool of known.pools) {
    for (const { device, createdAfter = 0 } of [pool, ...pool.volumes]) {
      const owner = { pool: pool.device, createdAfter };
      owners.set(device, owner).set(dmKernelName(device), owner);
    }
  }
  return (device, at) => {
    const owner = owners.get(device);
    return owner === undefined || at < owner.createdAfter ? undefined : owner.pool;
  };
}
