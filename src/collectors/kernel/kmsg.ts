import type { DeviceNumber } from '../../model/facts.ts';
import type { Host } from '../../model/host.ts';
import { dmKernelName } from '../../model/names.ts';
import { isActive } from '../../model/pool.ts';
import { secondMs } from '../../model/units.ts';
import { defineCollector } from '../collector.ts';
import { countKernelEvents, type OwnerOf } from './events.ts';
import { parseKernelLog } from './log.ts';
import { parseKernelMessage } from './message.ts';
import { scrambleKernelLog, vocabulary } from './scrambling.ts';

// The first output has all records that the kernel still has since boot, so the counts start there, and a restarted exporter
// arrives at much the same counts.
export const kmsg = defineCollector({
  name: 'kmsg',
  help: 'Kernel messages about thin pools, the file systems on them and the devices under them, and tasks that are hung in storage I/O.',
  needs: { tool: '/dev/kmsg (CAP_SYSLOG)' },
  defaults: { intervalMs: 5 * secondMs, timeoutMs: 2 * secondMs },
  queries: (host) => {
    const ownerOf = findOwners(host);
    return [
      {
        key: 'log',
        variants: [
          {
            input: { kernelLog: '/dev/kmsg' },
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
  scrambling: {
    vocabulary,
    // The log names hardware and programs as well.
    scramble: (text, scrambler) =>
      scrambleKernelLog(
        text.replaceAll(/^.*\n?/gm, (line) => (isOfStorage(line) ? line : '')),
        scrambler,
      ),
  },
});

/** Messages of storage, reports of tasks that hang with their stacks, and the lines that are about the log itself. */
function isOfStorage(line: string): boolean {
  const message = line
    .trimEnd()
    .replace(/^(?:\d+,\d+,\d+,[^;]*;|(?:<\d+>)?\[ *\d+\.\d{6}\](?:\[ *[TC]\d+\])? ?)/, '');
  return partOfReport.test(line) || parseKernelMessage(message) !== undefined;
}

const partOfReport = /^#|\b(?:INFO: task|Workqueue:|Call Trace|<\/?TASK>)|\+0x[0-9a-f]+\/0x/;

/** By number and by kernel name, the pools and their volumes. */
function findOwners(host: Host): OwnerOf {
  const owners = new Map<string, { readonly pool: DeviceNumber; readonly createdAfter: number }>();
  for (const pool of host.pools.filter(isActive)) {
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
