import { beforeEach, describe, expect, it } from 'vitest';
import { EventWatch } from '../../../src/collect/kernel-event-watch.ts';
import { Denied } from '../../../src/collectors/shared/errors.ts';

const event = '4,1,5,-;device-mapper: thin: 253:2: reached low water mark for data device: sending event.\n';
const header = '#monotonic 5\n';

let texts: string[];
let atEnd: boolean;
let failing: Error | undefined;
let closed: number;
let logged: string[];
let watch: EventWatch;

beforeEach(() => {
  [texts, atEnd, failing, closed, logged] = [[], true, undefined, 0, []];
  const log = (level: string) => (_: object, message: string) => logged.push(`${level}: ${message}`);
  watch = new EventWatch({
    kernelLog: {
      read: () => {
        if (failing !== undefined) throw failing;
        return header + (texts.shift() ?? '');
      },
      get isAtEnd() {
        return atEnd;
      },
      close: () => {
        closed += 1;
      },
    },
    log: { warn: log('warn'), info: log('info') },
  });
});

const readTimes = (times: number) => {
  for (let count = 0; count < times; count += 1) watch.poll();
};

describe('EventWatch', () => {
  it('reports what is new, and counts it', () => {
    watch.poll();
    texts.push(event + event, '', event);
    expect([watch.poll().length, watch.poll().length, watch.poll().length]).toEqual([2, 0, 1]);
    expect(watch.state()).toEqual({ seen: { low_water: 3, mode: 0, resize: 0 } });
  });

  it('takes nothing for new that was in the log before, however many reads that takes', () => {
    atEnd = false;
    texts.push(event, event);
    expect([watch.poll(), watch.poll()]).toEqual([[], []]);
    atEnd = true;
    texts.push(event, event);
    expect(watch.poll()).toEqual([]);
    expect(watch.poll()).toHaveLength(1);
    expect(watch.state().seen.low_water).toBe(1);
  });

  it('reports once that the log cannot be read, and retries once a minute', () => {
    failing = new Denied('/dev/kmsg needs root');
    readTimes(900);
    expect(watch.state().failure).toBe('/dev/kmsg needs root');
    expect(logged).toEqual([expect.stringMatching(/^warn: Kernel events unavailable/)]);
    expect(closed).toBe(3);
  });

  it('works again when the log does, and takes what was logged meanwhile for old', () => {
    failing = new Denied('no');
    watch.poll();
    failing = undefined;
    texts.push(event, event);
    readTimes(301);
    expect(watch.state()).toEqual({ seen: { low_water: 0, mode: 0, resize: 0 } });
    expect(logged.at(-1)).toMatch(/^info: Kernel events available again/);
    expect(watch.poll()).toHaveLength(1);
  });
});
