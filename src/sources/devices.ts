import { secondMs } from '../model/units.ts';
import { infoColumns, infoSeparator, parseDmInfo } from '../parse/dm-info.ts';
import { parseDmTables } from '../parse/dm-table.ts';
import { asNamed, dmsetupFailure, requireWholeLines } from '../parse/dmsetup.ts';
import { defineSource, type Reading } from './source.ts';

// Neither command takes the metadata lock or commits: INFO and TABLE ioctls only (kernel dm-ioctl.c). They answer
// on a pool whose storage is stalled, so discovery comes first and goes on.
export const devices = defineSource({
  name: 'devices',
  help: 'Device-mapper devices and tables: which pools and thin volumes there are, who belongs to whom, what is suspended.',
  needs: 'dmsetup',
  defaults: { intervalMs: 5 * secondMs, timeoutMs: 4 * secondMs },
  namesThings: true,
  questions: () => [
    {
      key: 'info',
      ways: [
        {
          access: {
            command: [
              'dmsetup',
              'info',
              ...asNamed,
              '-c',
              '--noheadings',
              '--separator',
              infoSeparator,
              '-o',
              infoColumns.join(','),
            ],
          },
          parse: (reading) => ({ devices: parseDmInfo(readOutput(reading)) }),
        },
      ],
    },
    {
      key: 'table',
      ways: [
        {
          access: { command: ['dmsetup', 'table', ...asNamed] },
          parse: (reading) => ({ tables: parseDmTables(readOutput(reading)) }),
        },
      ],
    },
  ],
});

/** A device that vanishes while dmsetup lists them makes it exit 1 with all the others printed: those count. */
function readOutput(reading: Reading): string {
  if (reading.exitCode !== 0 && reading.stdout === '') throw dmsetupFailure(reading);
  requireWholeLines(reading.stdout);
  return reading.stdout;
}
