import type { Daemon } from '../../model/facts.ts';
import { secondMs } from '../../model/units.ts';
import { defineCollector } from '../collector.ts';
import { parseProcessStat } from './process-stat.ts';
import { scrambleStat, vocabulary } from './scrambling.ts';

const name = 'dmeventd';

/** LVM's daemon that extends pools. Read without LVM, because `lvs -o seg_monitor` would start it. */
export const dmeventd = defineCollector({
  name,
  help: 'Whether dmeventd, which extends LVM thin pools, is running and responsive.',
  needs: { tool: '/run/dmeventd.pid and /proc' },
  scrambling: { vocabulary, scramble: scrambleStat },
  // Two small files and no process: polled as often as pools, because until it is known to be stopped, LVM's `monitored` counts.
  defaults: { intervalMs: 5 * secondMs, timeoutMs: 4 * secondMs },
  queries: () => [
    {
      key: name,
      variants: [
        {
          input: { process: '/run/dmeventd.pid' },
          parse: ({ stdout }) => ({ daemons: [readDaemon(stdout)] }),
        },
      ],
    },
  ],
});

/** After a kill the PID file remains, and its PID may be unused or reused: only the program's name proves that it is running. */
function readDaemon(stat: string): Daemon {
  if (stat.trim() === '') return { name, running: false, frozen: false };
  const { command, state } = parseProcessStat(stat);
  const running = command === name && !'ZXx'.includes(state);
  return { name, running, frozen: running && 'TtD'.includes(state) };
}
