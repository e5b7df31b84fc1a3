import type { Fragment } from '../../model/facts.ts';
import { known } from '../../model/omit-undefined.ts';
import type { Pool } from '../../model/pool.ts';
import { secondMs } from '../../model/units.ts';
import { togetherKey, togetherOrAlone } from '../../safety/batching.ts';
import { defineSource, type Question, type Reading } from '../collector.ts';
import { ParseError } from '../shared/errors.ts';
import { requireWholeLines } from '../shared/lines.ts';
import { inBatches, readNamed, statusOfNamed } from './batch-status.ts';
import { dmsetup, dmsetupFailure } from './command.ts';
import { parseDmLines } from './line.ts';
import { parsePoolStatus } from './pool-status.ts';

const source = 'pools';

export const pools = defineSource({
  name: source,
  help: 'Used and total blocks, mode and flags of each pool, from dmsetup status --noflush, which commits no metadata.',
  needs: dmsetup,
  defaults: { intervalMs: 5 * secondMs, timeoutMs: 4 * secondMs },
  questions: (host, _, look) => {
    const { together, alone } = togetherOrAlone(host, source, look);
    const batches = inBatches(together.map((pool) => pool.dmName));
    const own = new Set([...alone, ...host.pools.filter(({ closeWatch }) => closeWatch !== undefined)]);
    return [...batches.map(askStatuses), ...[...own].map(askStatus)];
  },
});

function askStatuses(names: readonly string[], at: number): Question {
  return {
    key: togetherKey(at),
    outlivesAsking: true,
    ways: [
      {
        access: { command: [...statusOfNamed, ...names] },
        parse: (reading) => ({ poolStatuses: readNamed(reading, names, parsePoolStatus) }),
      },
    ],
  };
}

function askStatus({ dmName, closeWatch }: Pool): Question {
  return {
    key: dmName,
    about: dmName,
    outlivesAsking: true,
    ...known({ soonerMs: closeWatch?.intervalMs, outdatedAt: closeWatch?.eventAt }),
    ways: [
      {
        access: { command: [...statusOfNamed, dmName] },
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
