import type { CollectorState, QueryState } from '../model/collector-state.ts';
import type { PoolCounters } from '../model/facts.ts';
import type { Host } from '../model/host.ts';
import { arePoolsKnown } from '../model/known-pools.ts';
import type { Pool } from '../model/pool.ts';
import { formatAge } from './duration.ts';

/** The worst state that applies to a pool, such as `read-only`; `unknown` if its counters are not known. */
export function describeState({
  state,
  counters,
  suspended,
  presence = 'active',
  data,
}: Partial<Pick<Pool, 'state' | 'counters' | 'suspended' | 'presence' | 'data'>>): string {
  if (presence === 'inactive') return 'not active';
  if (presence === 'unseen') return data === undefined ? 'unknown' : `as ${tools[data.origin]} reports`;
  if (state === 'failed') return 'failed';
  if (state === 'unreadable') return 'unreadable';
  if (counters?.needsCheck === true) return 'needs check';
  const words = counters === undefined ? 'unknown' : describeMode(counters);
  return suspended === true ? `suspended, ${words}` : words;
}

const tools = { kernel: 'the kernel', lvm: 'LVM', docker: 'Docker' } as const;

/** Before thin-pool target 1.3 the kernel does not report the mode: such a pool is read-write until it fails. */
function describeMode({ mode, noSpace }: PoolCounters): string {
  if (mode === 'ro') return 'read-only';
  if (mode !== 'out_of_data_space') return 'read-write';
  const writes = { queue: ', writes queued', error: ', writes fail' };
  return `out of data space${noSpace === undefined ? '' : writes[noSpace]}`;
}

/** The same on every surface. */
export const noDeviceMapper = 'no device-mapper on this host';

/** Why the host has no device-mapper; undefined if it has, or if nothing shows that it has none. */
export function whyNoDeviceMapper({ discovered, collectors }: Host): string | undefined {
  const discovering = collectors.filter(({ discovers }) => discovers);
  if (discovered || discovering.length === 0 || discovering.some(({ status }) => status !== 'absent'))
    return undefined;
  return discovering.flatMap(({ queries }) => queries).find(({ failure }) => failure !== undefined)?.failure;
}

/** What to do on a host where there is nothing to monitor. */
export const whereToSeePools =
  'If it should have thin pools, `thinpool-exporter doctor` says what is missing; `thinpool-exporter demo` simulates a host with pools that fill up.';

/** Why the list of pools is missing or incomplete, and what to do; undefined if it is complete. */
export function describeGap(host: Host): string | undefined {
  if (host.discovered) return undefined;
  if (arePoolsKnown(host))
    return 'Device-mapper cannot be read: pools are shown as LVM and Docker report them.';
  const why = whyNoDeviceMapper(host);
  return why === undefined
    ? 'No pool data available: device-mapper has not been read, or not recently.'
    : `There is ${noDeviceMapper}: ${why}. ${whereToSeePools}`;
}

/** Why a collector has no current data; undefined if it has. */
export function describeTrouble(collector: CollectorState, now: number): string | undefined {
  if (collector.stuckSince !== undefined)
    return `stuck in the kernel for ${formatAge(now - collector.stuckSince)}`;
  if (collector.blocked !== undefined) return `skipped: ${collector.blocked}`;
  const failed = collector.queries.find(({ outcome }) => outcome !== undefined && outcome !== 'ok');
  return failed && describeFailure(failed);
}

/** How the latest run of a query failed: `info: timed-out, no result within 4000 ms`. */
export function describeFailure({ key, outcome, failure }: QueryState): string {
  return `${key}: ${outcome}${failure === undefined ? '' : `, ${failure}`}`;
}
