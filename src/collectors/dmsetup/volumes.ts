import type { Pool } from '../../model/pool.ts';
import { secondMs } from '../../model/units.ts';
import { suspicion, togetherKey, togetherOrAlone } from '../../safety/batching.ts';
import { defineSource, type Question, type Way } from '../collector.ts';
import { inBatches, readNamed, statusOfNamed } from './batch-status.ts';
import { dmsetup } from './command.ts';
import { parseVolumeStatus } from './volume-status.ts';

const source = 'volumes';

// A volume's status takes its pool's metadata lock, so the volumes of a pool that is not well are asked about on their
// own: if it does not answer, that costs only them.
export const volumes = defineSource({
  name: source,
  help: 'Mapped blocks of thin volumes.',
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
 * They wait for a status of the pool itself: where that hangs, this would hang beside it. Our own overdue reading is
 * no reason, or it would be the last one.
 */
function holdFor({ name, late, state }: Pool): Pick<Question, 'hold'> {
  if (late?.degree === 'stuck') return { hold: `the status of pool ${name} does not return` };
  if (state === undefined) return { hold: `the status of pool ${name} is not known` };
  return late === undefined || late.source === source
    ? {}
    : { hold: `the status of pool ${name} is overdue` };
}
