import type { PartialFacts } from '../../model/facts.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { isActive, type Pool } from '../../model/pool.ts';
import { secondMs } from '../../model/units.ts';
import { batchKey, planBatches } from '../../safety/batching.ts';
import { defineCollector, type Output, type Query } from '../collector.ts';
import { ParseError } from '../shared/errors.ts';
import { requireWholeLines } from '../shared/lines.ts';
import { leftOut } from '../shared/partly.ts';
import { inBatches, readNamed, statusOf } from './batch-status.ts';
import { dmsetup, dmsetupFailure } from './command.ts';
import { parseDmLines } from './line.ts';
import { parsePoolStatus } from './pool-status.ts';
import { scrambling } from './scrambling.ts';

const collector = 'pools';

export const pools = defineCollector({
  name: collector,
  help: 'Used and total blocks, mode and flags of each pool, from dmsetup status --noflush, which commits no metadata.',
  needs: dmsetup,
  scrambling,
  defaults: { intervalMs: 5 * secondMs, timeoutMs: 4 * secondMs },
  queries: (host, _, mode) => {
    const { batched, single } = planBatches(host, collector, mode);
    const batches = inBatches(batched.map((pool) => pool.dmName));
    const separate = new Set([
      ...single,
      ...host.pools.filter((pool) => isActive(pool) && pool.fastPolling !== undefined),
    ]);
    return [...batches.map(queryStatuses), ...[...separate].map(queryStatus)];
  },
});

function queryStatuses(names: readonly string[], at: number): Query {
  return {
    key: batchKey(at),
    keepWhenDropped: true,
    variants: [
      {
        input: { command: statusOf(names) },
        parse: (output) => {
          const { records, unreadable } = readNamed(output, names, parsePoolStatus);
          return { poolStatuses: records, ...leftOut(collector, unreadable) };
        },
      },
    ],
  };
}

function queryStatus({ dmName, fastPolling }: Pool): Query {
  return {
    key: dmName,
    about: dmName,
    keepWhenDropped: true,
    ...omitUndefined({ intervalMs: fastPolling?.intervalMs, staleSince: fastPolling?.eventAt }),
    variants: [
      {
        input: { command: statusOf([dmName]) },
        parse: (output) => readStatus(output, dmName),
      },
    ],
  };
}

function readStatus(output: Output, dmName: string): PartialFacts {
  if (output.exitCode !== 0) throw dmsetupFailure(output);
  requireWholeLines(output.stdout);
  const { records, unreadable } = parseDmLines(output.stdout);
  const [line, second] = records;
  if (line === undefined || second !== undefined || unreadable.length > 0)
    throw new ParseError('one thin-pool status line', output.stdout);
  return { poolStatuses: [parsePoolStatus(line, dmName)] };
}
