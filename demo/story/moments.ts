import type { DemoPool } from '../host.ts';

/** The seconds of the story at which things change. */
export interface Moments {
  /** While data is written, such as images that are pulled. */
  readonly filling: readonly [from: number, to: number];
  readonly queueing: number;
  /** 60 s later unless the pool is extended before: no_space_timeout of dm_thin_pool. */
  readonly failing: number;
  /** Someone adds a disk and runs lvextend by hand. */
  readonly extended: number;
  /** While data is removed. */
  readonly pruned: readonly [from: number, to: number];
}

const trouble = { filling: [10, 37], queueing: 39, failing: 99 } as const;

/**
 * Within three minutes, the viewer sees pages, the response, and their resolution. The shipped rules remember a finding for
 * a minute, and Alertmanager reports a resolution a whole number of minutes after the page: these moments leave enough time
 * for the second. The first page is inhibited while the pool is full, and its resolution is sent after that.
 */
const answered: Moments = { ...trouble, extended: 57, pruned: [80, 105] };
const unanswered: Moments = { ...trouble, extended: 135, pruned: [150, 175] };

/** In turn: the page is answered in time, or not for a minute and a half. */
export const momentsOf = [answered, unanswered] as const;

/** What the kernel says of a pool that fills, at this second. */
export function stateAt(
  second: number,
  { queueing, failing, extended }: Moments,
): Pick<DemoPool, 'mode' | 'noSpace'> {
  const isFull = second >= queueing && second < extended;
  return {
    mode: isFull ? 'out_of_data_space' : 'rw',
    noSpace: isFull && second >= failing ? 'error' : 'queue',
  };
}

/** The kernel raises an event at the low water mark, at a change of mode, and at a resize. */
export function eventsOf({ filling, queueing, failing, extended }: Moments): readonly number[] {
  return [(filling[0] + filling[1]) / 2, queueing, ...(failing < extended ? [failing] : []), extended];
}
