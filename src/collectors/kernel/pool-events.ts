import type { DeviceNumber } from '../../model/facts.ts';
import type { PoolEvent } from '../../model/host.ts';
import { parseKernelLog } from './log.ts';
import { parseKernelMessage } from './message.ts';

export interface ToldEvent {
  readonly event: PoolEvent;
  /** Absent where the kernel is too old to say which pool. */
  readonly device?: DeviceNumber;
}

/**
 * Kinds of messages after which a pool's status is another one. Those that a status itself may cause are not among
 * them: each would call for the next.
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

/** What begins every message of the thin pool target (kernel dm-thin.c, DM_MSG_PREFIX). */
const sign = 'device-mapper: thin:';

/** The events of pools in text of the kernel log, oldest first. Throws ParseError where it is no such text. */
export function readPoolEvents(text: string): ToldEvent[] {
  // Most looks find nothing, or what others wrote.
  if (!text.includes(sign)) return [];
  return parseKernelLog(text).records.flatMap(({ message }) => {
    const told = parseKernelMessage(message);
    const event = told && events[told.kind];
    if (event === undefined) return [];
    return [told?.device === undefined ? { event } : { event, device: told.device }];
  });
}
