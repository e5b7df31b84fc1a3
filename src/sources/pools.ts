import type { Fragment } from '../model/facts.ts';
import { secondMs } from '../model/units.ts';
import { parseDmLines } from '../parse/dm-line.ts';
import { asNamed, dmsetupFailure, requireWholeLines } from '../parse/dmsetup.ts';
import { ParseError } from '../parse/failures.ts';
import { parsePoolStatus } from '../parse/pool-status.ts';
import { defineSource, type Question, type Reading } from './source.ts';

// One process a pool, and the pool named: a status without a name asks every device of the host, so that one pool
// that does not answer would hide all. --noflush: without it the kernel commits the pool's metadata for every status
// (kernel dm-thin.c, pool_status), which on stalled storage takes every later reader down with it.
export const pools = defineSource({
  name: 'pools',
  help: 'Used and total blocks, mode and flags of each pool, by a status that commits nothing.',
  needs: 'dmsetup',
  defaults: { intervalMs: 5 * secondMs, timeoutMs: 4 * secondMs },
  questions: (known) => known.pools.map((pool) => askStatus(pool.dmName)),
});

function askStatus(dmName: string): Question {
  return {
    key: dmName,
    about: dmName,
    ways: [
      {
        access: { command: ['dmsetup', 'status', ...asNamed, '--noflush', dmName] },
        parse: (reading) => readStatus(reading, dmName),
      },
    ],
  };
}

function readStatus(reading: Reading, dmName: string): Fragment {
  if (reading.exitCode !== 0) throw dmsetupFailure(reading);
  requireWholeLines(reading.stdout);
  const [line, second] = parseDmLines(reading.stdout);
  if (line === undefined || second !== undefined)
    throw new ParseError('one thin-pool status line', reading.stdout);
  return { poolStatuses: [parsePoolStatus(line, dmName)] };
}
