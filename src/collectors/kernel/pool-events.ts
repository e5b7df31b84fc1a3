import type { DeviceNumber } from '../../model/facts.ts';
import type { PoolEvent } from '../../model/host.ts';
import { parseKernelLog } from './log.ts';
import { parseKernelMessage } from './message.ts';

export interface ReportedEvent {
  readonly event: PoolEvent;
  /** Absent if the kernel is too old to name the pool. */
  readonly device?: DeviceNumber;
}

/**
 * Kinds of messages after which a pool's status has changed. Messages that a status query itself may cause are left out:
 * each would trigger the next query.
 */
const events: Readonly<Record<string, PoolEvent>> = {
  low_water_data: 'low_water',
  low_water_metadata: 'low_water',
  mode_write: 'mode',
  mode_out_of_data_queueing: 'mode',
  mode_out_of_data_erroring: 'mode',
  mode_out_of_data: 'mode',
  mode_read_only: 'mode',
  mode_fail: 'mode',
  growing_data: 'resize',
  growing_metadata: 'resize',
};

/** The prefix of every message of the thin pool target (kernel dm-thin.c, DM_MSG_PREFIX). */
const sign = 'device-mapper: thin:';

/** The pool events in kernel log text, oldest first. Throws ParseError. */
export function readPoolEvents(text: string): ReportedEvent[] {
  // Most of the time there are no records, or none of the thin pool target.
  if (!text.includes(sign)) return [];
  return parseKernelLog(text).records.flatMap(({ message }) => {
    const parsed = parseKernelMessage(message);
    const event = parsed && events[parsed.kind];
    if (event === undefined) return [];
    return [parsed?.device === undefined ? { event } : { event, device: parsed.device }];
  });
}
