import type { Output } from '../collectors/collector.ts';
import { readNamed, statusOf } from '../collectors/dmsetup/batch-status.ts';
import { asNamed } from '../collectors/dmsetup/command.ts';
import { parsePoolStatus } from '../collectors/dmsetup/pool-status.ts';
import { messageOf } from '../format/error-message.ts';
import type { Read, ReadResult } from '../io/read.ts';
import type { PoolCounters } from '../model/facts.ts';
import { secondMs } from '../model/units.ts';

/** A healthy pool answers in a tenth of a second. */
const messageMs = 30 * secondMs;
const statusMs = 10 * secondMs;

export const place = { collector: 'exclusive', key: 'exclusive' } as const;

export type Message = 'reserve_metadata_snap' | 'release_metadata_snap';

/** The two messages are all that the exporter ever sends to a pool. */
export function messageTo(dmName: string, message: Message): readonly [string, ...string[]] {
  return ['dmsetup', 'message', ...asNamed, '--', dmName, '0', message];
}

/** `refused`: the kernel did not do it. `unknown`: it may have, or still will. */
export type Sent =
  | { readonly how: 'done' }
  | { readonly how: 'refused' | 'unknown'; readonly detail: string };

export async function send(read: Read, dmName: string, message: Message): Promise<Sent> {
  const result = await read({ command: messageTo(dmName, message) }, place, { timeoutMs: messageMs }).result;
  if (!result.ok)
    return { how: result.reason === 'timed-out' ? 'unknown' : 'refused', detail: result.detail };
  const { exitCode, stderr } = result.output;
  if (exitCode === 0) return { how: 'done' };
  // A child that was killed may have sent it.
  return { how: exitCode >= 128 ? 'unknown' : 'refused', detail: stderr.trim() || `exit status ${exitCode}` };
}

export type Counters = { readonly counters: PoolCounters } | { readonly failure: string };

/** The status of a pool right now: that of the snapshot may be older than the other tool's reservation. */
export async function readCounters(read: Read, dmName: string): Promise<Counters> {
  const bounds = { timeoutMs: statusMs };
  const result = await read({ command: statusOf([dmName]) }, place, bounds).result;
  return countersIn(result, dmName);
}

function countersIn(result: ReadResult, dmName: string): Counters {
  if (!result.ok) return { failure: result.detail };
  try {
    const status = only(result.output, dmName);
    return status?.state === 'readable'
      ? { counters: status.counters }
      : { failure: 'its status is unreadable' };
  } catch (error) {
    return { failure: messageOf(error) };
  }
}

function only(output: Output, dmName: string): ReturnType<typeof parsePoolStatus> | undefined {
  return readNamed(output, [dmName], parsePoolStatus).records[0];
}
