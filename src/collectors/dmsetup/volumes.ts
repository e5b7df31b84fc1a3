import type { Pool } from '../../model/pool.ts';
import { secondMs } from '../../model/units.ts';
import { suspicion, togetherKey, togetherOrAlone } from '../../safety/batching.ts';
import { defineSource, type Question, type Way } from '../collector.ts';
import { inBatches, readNamed, statusOfNamed } from './batch-status.ts';
import { dmsetup } from './command.ts';
import { parseVolumeStatus } from './volume-status.ts';

const source = 'volumes';

// A volume's status takes its pool's metadata lock, so the volumes of an unhealthy pool are queried separately: if it hangs,
// only they are affected.
export const volumes = defineSource({
  name: source,
  help: 'Mapped blocks of each thin volume.',
  needs: dmsetup,
  defaults: { intervalMs: 15 * secondMs, timeoutMs: 10 * secondMs },
  questions: (known, _, look) => {
    const { together, alone } = togetherOrAlone(known, source, look);
    const hold = suspicion(known);
    const shared = inBatches(together.flatMap(namesOf)).map(
      (names, at): Question => ({
        key: togetherKey(at),
        outlivesAsking: true,
        ways: [ask(names)],
        ...(hold === undefined ? {} : { hold }),
      }),
    );
    return [...shared, ...alone.flatMap(askPool)];
  },
});

function namesOf(pool: Pool): readonly string[] {
  return pool.volumes.map((volume) => volume.name);
}

function askPool(pool: Pool): Question[] {
  return inBatches(namesOf(pool)).map((names, at) => ({
    key: at === 0 ? pool.dmName : `${pool.dmName}#${at}`,
    about: pool.dmName,
    outlivesAsking: true,
    ways: [ask(names)],
    ...holdFor(pool),
  }));
}

function ask(names: readonly string[]): Way {
  return {
    access: { command: [...statusOfNamed, ...names] },
    parse: (reading) => ({ volumeStatuses: readNamed(reading, names, parseVolumeStatus) }),
  };
}

/**
 * Blocked until the status of the pool itself has returned: if that hangs, this would hang too. An overdue query of this
 * collector is no reason, or it would never run again.
 */
function holdFor({ name, late, state }: Pool): Pick<Question, 'hold'> {
  if (late?.degree === 'stuck') return { hold: `the status query of pool ${name} does not return` };
  if (state === undefined) return { hold: `the status of pool ${name} is unknown` };
  return late === undefined || late.source === source
    ? {}
    : { hold: `the status query of pool ${name} is overdue` };
}
