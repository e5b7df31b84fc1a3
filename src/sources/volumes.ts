import type { Fragment } from '../model/facts.ts';
import type { Pool } from '../model/host.ts';
import { secondMs } from '../model/units.ts';
import { type DmLine, parseDmLines } from '../parse/dm-line.ts';
import { asNamed, dmsetupFailure, requireWholeLines } from '../parse/dmsetup.ts';
import { ParseError } from '../parse/failures.ts';
import { parseVolumeStatus } from '../parse/volume-status.ts';
import { defineSource, type Question, type Reading } from './source.ts';

/** Names in one command: 128 bytes each at most, far from the kernel's limit on arguments. */
const batchSize = 500;

const source = 'volumes';

// A volume's status takes its pool's metadata lock, so volumes are asked pool by pool: a pool that does not answer
// costs only its own volumes.
export const volumes = defineSource({
  name: source,
  help: 'Mapped blocks of thin volumes, pool by pool.',
  needs: 'dmsetup',
  defaults: { intervalMs: 15 * secondMs, timeoutMs: 10 * secondMs },
  questions: (known) => known.pools.flatMap(askPool),
});

function askPool(pool: Pool): Question[] {
  const names = pool.volumes.map((volume) => volume.name);
  const questions: Question[] = [];
  for (let from = 0; from < names.length; from += batchSize) {
    const batch = names.slice(from, from + batchSize);
    questions.push({
      key: from === 0 ? pool.dmName : `${pool.dmName}#${from}`,
      about: pool.dmName,
      ways: [
        {
          access: { command: ['dmsetup', 'status', ...asNamed, '--noflush', ...batch] },
          parse: (reading) => readStatuses(reading, batch),
        },
      ],
      ...holdFor(pool),
    });
  }
  return questions;
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

/** A volume that vanished since the table was read is an error on stderr; the others are printed all the same. */
function readStatuses(reading: Reading, names: readonly string[]): Fragment {
  if (reading.exitCode !== 0 && reading.stdout === '') throw dmsetupFailure(reading);
  requireWholeLines(reading.stdout);
  const lines = parseDmLines(reading.stdout);
  return { volumeStatuses: lines.map((line) => parseVolumeStatus(line, nameOf(line, names))) };
}

/** dmsetup leaves the name out when it was asked about one device. */
function nameOf(line: DmLine, names: readonly string[]): string {
  const [only] = names;
  if (line.name === undefined && names.length === 1 && only !== undefined) return only;
  if (line.name === undefined) throw new ParseError('a device name before the status', line.text);
  if (!names.includes(line.name)) throw new ParseError('a device that was asked for', line.text);
  return line.name;
}
