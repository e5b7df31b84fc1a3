import type { Daemon } from '../../model/facts.ts';
import { secondMs } from '../../model/units.ts';
import { defineSource } from '../collector.ts';
import { parseProcessStat } from './process-stat.ts';

const name = 'dmeventd';

/** LVM's daemon that extends pools. Asked without LVM: `lvs -o seg_monitor` would start it where it does not run. */
export const dmeventd = defineSource({
  name,
  help: 'Whether dmeventd, which extends LVM thin pools, runs and can answer.',
  needs: { tool: '/run/dmeventd.pid and /proc' },
  // Two small files, and no process: as often as pools, for until it is seen to be asleep LVM's `monitored` is believed.
  defaults: { intervalMs: 5 * secondMs, timeoutMs: 4 * secondMs },
  questions: () => [
    {
      key: name,
      ways: [
        {
          access: { process: '/run/dmeventd.pid' },
          parse: ({ stdout }) => ({ daemons: [readDaemon(stdout)] }),
        },
      ],
    },
  ],
});

/** After a kill the pid file stays, and names nobody or a stranger: only the program's name proves that it runs. */
function readDaemon(stat: string): Daemon {
  if (stat.trim() === '') return { name, running: false, frozen: false };
  const { command, state } = parseProcessStat(stat);
  const running = command === name && !'ZXx'.includes(state);
  return { name, running, frozen: running && 'TtD'.includes(state) };
}
