import { suggest } from '../config/suggest.ts';
import { plain } from '../format/printable.ts';
import type { Host } from '../model/host.ts';
import { arePoolsKnown } from '../model/known-pools.ts';
import type { Pool } from '../model/pool.ts';
import type { PoolTrend, SpaceTrend, TrendPoint } from '../model/trend.ts';
import { secondMs } from '../model/units.ts';
import { findPool } from '../thinpool/find-pool.ts';
import { identityOf } from '../thinpool/identity.ts';
import { reasonOfBlindness } from './check/verdict.ts';
import { createOnceMonitor } from './collect-once.ts';
import type { Context } from './context.ts';

export interface ReadPool {
  readonly host: Host;
  readonly pool: Pool;
  /** Its growth between two reads; absent if it was read once. */
  readonly trend?: PoolTrend;
}

/** What a command says of a pool. */
export interface PoolAnswer {
  readonly exitCode: number;
  /** For --json. */
  readonly json: object;
  readonly text: () => string;
}

/** Status of a command about a pool that cannot answer. */
const unknown = 3;

/** Runs a command about one pool: reads it, and prints what `answer` makes of it, or why it cannot be read. */
export async function answerAbout(
  context: Context,
  command: string,
  name: string,
  answer: (read: ReadPool) => PoolAnswer,
): Promise<number> {
  const { config, print, printError } = context;
  const read = await readPool(context, name);
  if ('failure' in read) {
    printError(`${command}: ${plain(read.failure)}\n`);
    return unknown;
  }
  const { exitCode, json, text } = answer(read);
  print(config.json ? `${JSON.stringify(json, undefined, 2)}\n` : text());
  return exitCode;
}

/** Reads the host once, and the pool a second time where --sample wants its growth. A captured host does not grow. */
async function readPool(context: Context, name: string): Promise<ReadPool | { readonly failure: string }> {
  const { config, pause } = context;
  const monitor = createOnceMonitor(context, context.read);
  const { host } = await monitor.collectOnce();
  const pool = findPool(host.pools, name);
  if (pool === undefined) return { failure: describeUnknown(host, name) };
  if (config.sample === undefined || config.replay !== undefined) return { host, pool };
  await pause(config.sample);
  const later = await monitor.collectAgain(['devices', 'pools'], new Set([pool.dmName]));
  const again = later.host.pools.find((one) => identityOf(one) === identityOf(pool));
  const trend = again && growthBetween(pool, again);
  return { host: later.host, pool: again ?? pool, ...(trend && { trend }) };
}

function describeUnknown(host: Host, name: string): string {
  if (!arePoolsKnown(host)) return `no pool data available: ${reasonOfBlindness(host)}`;
  const names = host.pools.map((pool) => pool.name);
  const known = names.length === 0 ? 'there are no pools' : `pools: ${names.join(', ')}`;
  return `no pool ${name} on this host${suggest(name, names)} (${known})`;
}

function growthBetween(before: Pool, after: Pool): PoolTrend | undefined {
  const [first, last] = [before, after].map(pointOf);
  if (first === undefined || last === undefined || last.at <= first.at) return undefined;
  const overMs = last.at - first.at;
  const data: SpaceTrend = {
    points: [first, last],
    overMs,
    bytesPerSecond: ((last.usedBytes - first.usedBytes) * secondMs) / overMs,
  };
  return { pool: after.name, data, fastest: [] };
}

function pointOf({ data, statusTakenAt }: Pool): TrendPoint | undefined {
  return data === undefined || statusTakenAt === undefined
    ? undefined
    : { at: statusTakenAt, usedBytes: data.usedBytes, sizeBytes: data.sizeBytes };
}
