import { describe, expect, it } from 'vitest';
import type { FastPolling, MinimumFree, Pool } from '../../../src/model/pool.ts';
import {
  type FastPolledPools,
  markFastPolled,
  noFastPolledPools,
  planFastPolling,
} from '../../../src/trend/fast-polling.ts';
import { describeTrends, type History, noHistory, updateHistory } from '../../../src/trend/history.ts';
import type { EventTimes } from '../../../src/trend/recent-events.ts';
import { makeCollector, makeHost, makePool, makeSpace } from '../../support/makers.ts';

const block = 65_536;

/** A pool of 100,000 blocks with a number of them free at this second. */
function free(second: number, blocks: number, parts: Partial<Pool> = {}): Pool {
  const data = makeSpace(100_000 - blocks, 100_000, block);
  return makePool({ uuid: 'one', statusTakenAt: second * 1000, data, ...parts });
}

function metadataFree(second: number, blocks: number): Pool {
  return free(second, 50_000, { metadata: makeSpace(10_000 - blocks, 10_000, 4096) });
}

const dataMinimumFree = (blocks: number): readonly MinimumFree[] => [
  { resource: 'data', origin: 'docker', bytes: blocks * block },
];

/** Follows pools from one poll to the next. */
class Follower {
  watches: FastPolledPools = noFastPolledPools;
  history: History = noHistory;
  events: EventTimes = new Map();
  readonly max: number;
  readonly intervalMs: number;

  constructor({ max = 8, intervalMs = 5000 } = {}) {
    this.max = max;
    this.intervalMs = intervalMs;
  }

  /** How closely each pool is watched, in their order. */
  see(second: number, ...pools: readonly Pool[]): readonly (FastPolling | undefined)[] {
    const collector = makeCollector({ intervalMs: this.intervalMs });
    const host = makeHost({ takenAt: second * 1000, pools, collectors: [collector] });
    this.history = updateHistory(this.history, host);
    const trends = describeTrends(this.history, host);
    this.watches = planFastPolling(this.watches, { host, trends, events: this.events, max: this.max });
    return markFastPolled(host, this.watches).pools.map(({ fastPolling }) => fastPolling);
  }

  /** Whether a pool is watched at each of these seconds, with the blocks that the function of them says free. */
  run(seconds: readonly number[], blocks: (second: number) => number): string {
    return seconds
      .map((second) => (this.see(second, free(second, blocks(second)))[0] === undefined ? '-' : '#'))
      .join('');
  }
}

const every = (step: number, from: number, to: number): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + step * index);

const watch: FastPolling = { why: 'filling', intervalMs: 1000 };

describe('a pool that fills', () => {
  it('is polled fast as soon as two polls show that it could be full within six intervals', () => {
    const follower = new Follower();
    expect(follower.see(0, free(0, 40_000))).toEqual([undefined]);
    expect(follower.see(5, free(5, 30_000))).toEqual([watch]);
  });

  it('is not while it has longer', () => {
    const follower = new Follower();
    follower.see(0, free(0, 90_000));
    expect(follower.see(5, free(5, 78_000))).toEqual([undefined]);
  });

  it('is when its metadata is what could be full', () => {
    const follower = new Follower();
    follower.see(0, metadataFree(0, 4000));
    expect(follower.see(5, metadataFree(5, 3000))).toEqual([watch]);
  });

  it('is when it could be below its minimum free, and then when it could be full', () => {
    const follower = new Follower();
    const minimumFrees = dataMinimumFree(20_000);
    follower.see(0, free(0, 24_000, { minimumFrees }));
    expect(follower.see(5, free(5, 23_000, { minimumFrees }))).toEqual([watch]);
    const below = new Follower();
    below.see(0, free(0, 19_900, { minimumFrees }));
    expect(below.see(5, free(5, 18_900, { minimumFrees }))).toEqual([undefined]);
  });

  it('is by what the file system under its loop file has left, where that is less', () => {
    const follower = new Follower();
    const pool = (second: number, blocks: number, left: number): Pool => {
      const data = { ...makeSpace(100_000 - blocks, 100_000, block), availableBytes: left * block };
      return free(second, blocks, { data });
    };
    follower.see(0, pool(0, 90_000, 2000));
    expect(follower.see(5, pool(5, 89_000, 1000))).toEqual([watch]);
  });

  it('is left alone again half a minute after a burst that has ended', () => {
    const follower = new Follower();
    const used = (second: number) => (second < 10 ? 40_000 - 1000 * second : 30_000);
    expect(follower.run(every(5, 0, 65), used)).toBe('--######------');
  });

  it('is watched without a break while it fills in bursts', () => {
    const follower = new Follower();
    // 10,000 blocks in one poll of five, with 50,000 free at first.
    const used = (second: number) => 50_000 - 10_000 * Math.floor((second + 5) / 25);
    expect(follower.run(every(5, 5, 100), used)).toMatch(/^-{3,4}#+$/);
  });

  it('ends by a later mark than it begins by', () => {
    const follower = new Follower({ intervalMs: 60_000 });
    follower.see(0, free(0, 40_000));
    // Slower then: full in about 690 s, and at the end of this in about 400 s.
    const blocks = (second: number) => 30_000 - 43 * (second - 60);
    for (const second of every(10, 60, 350))
      expect(follower.see(second, free(second, blocks(second)))).toEqual([
        { why: 'filling', intervalMs: 9000 },
      ]);
    const another = new Follower({ intervalMs: 60_000 });
    expect(another.run(every(10, 60, 330), blocks)).toMatch(/^-+$/);
  });

  it('is read in a twentieth of its time left, where the interval is long, and only ever sooner', () => {
    const follower = new Follower({ intervalMs: 60_000 });
    follower.see(0, free(0, 80_000));
    expect(follower.see(60, free(60, 60_000))).toEqual([{ why: 'filling', intervalMs: 9000 }]);
    expect(follower.see(70, free(70, 40_000))).toEqual([watch]);
    expect(follower.see(71, free(71, 40_000))).toEqual([watch]);
  });

  it('is left at its interval where that is a second', () => {
    const follower = new Follower({ intervalMs: 1000 });
    follower.see(0, free(0, 1000));
    expect(follower.see(1, free(1, 500))).toEqual([undefined]);
  });

  it('is left alone when it shrinks, is full, or was not seen for a while', () => {
    const shrinking = new Follower();
    expect(shrinking.run([0, 5], (second) => 100 + second)).toBe('--');
    const full = new Follower();
    full.see(0, free(0, 0));
    expect(full.see(5, free(5, 0))).toEqual([undefined]);
    const gap = new Follower();
    gap.see(0, free(0, 40_000));
    const { data: _, ...unknown } = free(5, 0);
    gap.see(5, unknown);
    expect(gap.see(500, free(500, 100))).toEqual([undefined]);
  });
});

describe('places', () => {
  const pools = (second: number, rates: readonly number[]): Pool[] =>
    rates.map((rate, at) =>
      free(second, 10_000 - rate * second, { uuid: `${at}`, name: `${at}`, device: `253:${at}` }),
    );
  const placed = (watches: readonly (FastPolling | undefined)[]) =>
    watches.flatMap((fastPolling, at) => (fastPolling === undefined ? [] : [at]));

  it('go to the pools that have the least time left', () => {
    const follower = new Follower({ max: 2 });
    follower.see(0, ...pools(0, [300, 500, 0, 400]));
    expect(placed(follower.see(5, ...pools(5, [300, 500, 0, 400])))).toEqual([1, 3]);
  });

  it('go to a pool that had an event first', () => {
    const follower = new Follower({ max: 1 });
    follower.see(0, ...pools(0, [300, 500, 0]));
    follower.events = new Map([['253:2', 5000]]);
    expect(placed(follower.see(5, ...pools(5, [300, 500, 0])))).toEqual([2]);
  });

  it('are kept for ten seconds, so that pools that take turns cost no more', () => {
    const follower = new Follower({ max: 1 });
    follower.see(0, ...pools(0, [300, 500]));
    expect(placed(follower.see(5, ...pools(5, [300, 500])))).toEqual([1]);
    follower.events = new Map([['253:0', 6000]]);
    expect(placed(follower.see(6, ...pools(6, [300, 500])))).toEqual([1]);
    expect(placed(follower.see(14, ...pools(14, [300, 500])))).toEqual([1]);
    expect(placed(follower.see(15, ...pools(15, [300, 500])))).toEqual([0]);
  });

  it('are none where there shall be none', () => {
    const follower = new Follower({ max: 0 });
    follower.see(0, ...pools(0, [500]));
    expect(placed(follower.see(5, ...pools(5, [500])))).toEqual([]);
  });
});

describe('an event', () => {
  it('holds for half a minute, and not at all when the clock is set back before it', () => {
    const follower = new Follower();
    follower.events = new Map([['253:2', 10_000]]);
    const event = { why: 'event', intervalMs: 1000, eventAt: 10_000 };
    expect(follower.see(10, free(10, 50_000))).toEqual([event]);
    expect(follower.see(39, free(39, 50_000))).toEqual([event]);
    expect(follower.see(40, free(40, 50_000))).toEqual([undefined]);
    expect(follower.see(9, free(9, 50_000))).toEqual([undefined]);
  });
});
