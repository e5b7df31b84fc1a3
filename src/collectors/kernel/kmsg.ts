import type { Host } from '../../model/host.ts';
import { dmKernelName } from '../../model/names.ts';
import { secondMs } from '../../model/units.ts';
import { defineCollector } from '../collector.ts';
import { countKernelEvents, type PoolsByKernelName } from './events.ts';
import { parseKernelLog } from './log.ts';

// The first output has all records that the kernel still has since boot, so the counts start there, and a restarted exporter
// arrives at much the same counts.
export const kmsg = defineCollector({
  name: 'kmsg',
  help: 'Kernel messages about thin pools and the file systems on them, and tasks that are hung in storage I/O.',
  needs: { tool: '/dev/kmsg (CAP_SYSLOG)' },
  defaults: { intervalMs: 5 * secondMs, timeoutMs: 2 * secondMs },
  queries: (host) => {
    const pools = poolsByKernelName(host);
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
                pools,
              ),
            }),
          },
        ],
      },
    ];
  },
  // The log names hardware and programs as well.
  redact: (text) => text.replaceAll(/^.*\n?/gm, (line) => (storage.test(line) ? line : '')),
});

/** Messages of device-mapper, of file systems and block devices, and stacks of tasks that hang. */
const storage =
  /^#|device-mapper|\b(?:XFS|EXT4-fs|JBD2|Buffer I\/O|INFO: task|Call Trace|<\/?TASK>)|(?:I\/O|space allocation|write|writeback) error|\+0x[0-9a-f]+\/0x/;

function poolsByKernelName(host: Host): PoolsByKernelName {
  return new Map(
    host.pools.flatMap((pool) =>
      pool.volumes.map((volume) => [dmKernelName(volume.device), pool.device] as const),
    ),
  );
}
