import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeSpace, makeUnknownPool } from '../../support/makers.ts';
import { blockBytes, blocks, poolAt, Watch } from './fold.ts';

const hour = 3600;

describe('a steady fill', () => {
  it.each([1, 10, 1000])(
    'of %d blocks a second is reported after half a minute, with the time left',
    (rate) => {
      const watch = new Watch().follow(0, 30, (second) => 1000 + rate * second);
      expect(watch.rate).toBeCloseTo(rate);
      expect(watch.data.overMs).toBe(30_000);
      const left = (blocks - 1000 - 30 * rate) / rate;
      if (rate === 1000) expect(watch.data.secondsToFull).toBeCloseTo(left);
      else expect(watch.data).not.toHaveProperty('secondsToFull');
    },
  );

  it('is reported for an hour when it has gone on for that long', () => {
    const watch = new Watch().follow(0, 2 * hour, (second) => 1000 + 10 * second);
    expect(watch.rate).toBeCloseTo(10);
    expect(watch.data.overMs).toBeGreaterThanOrEqual(3_600_000);
    expect(watch.data.secondsToFull).toBeCloseTo((blocks - 1000 - 72_000) / 10);
  });

  it('of a block in twenty seconds is seen over the time that it takes to see it', () => {
    const watch = new Watch().follow(0, hour, (second) => Math.floor(second / 20));
    expect(watch.rate).toBeCloseTo(1 / 20, 2);
    expect(watch.data.overMs).toBeGreaterThanOrEqual(3_600_000);
  });

  it('goes on through an extension, and has more time left after it', () => {
    const watch = new Watch().follow(0, 600, (second) => 1000 * second);
    expect(watch.data.secondsToFull).toBeCloseTo(400);
    const data = makeSpace(605_000, 2 * blocks, blockBytes);
    watch.see(605, poolAt(605, 0, { data }));
    expect(watch.rate).toBeCloseTo(1000);
    expect(watch.data.secondsToFull).toBeCloseTo(1395);
    expect(watch.data.points.at(-1)).toMatchObject({ sizeBytes: 2 * blocks * blockBytes });
  });
});

describe('too little for a rate', () => {
  it('is what was watched for less than most of half a minute', () => {
    const watch = new Watch().follow(0, 20, (second) => 1000 * second);
    expect(watch.data).toEqual({ points: expect.any(Array) });
  });

  it('are three polls, however far apart', () => {
    const watch = new Watch();
    for (const second of [0, 60, 120]) watch.see(second, poolAt(second, 1000 * second));
    expect(watch.data).toEqual({ points: expect.any(Array) });
  });
});

describe('what is no steady fill', () => {
  it.each([60, 600, hour])('a burst of %d s that has ended is over after half a minute', (length) => {
    const watch = new Watch().follow(0, 2 * hour, () => 0);
    watch.follow(2 * hour, 2 * hour + length, (second) => 100 * (second - 2 * hour));
    expect(watch.rate).toBeCloseTo(100, 0);
    const end = 2 * hour + length;
    watch.follow(end + 5, end + 30, () => 100 * length);
    expect(watch.rate).toBe(0);
    for (let more = 35; more < hour; more += 5) {
      watch.see(end + more, poolAt(end + more, 100 * length));
      expect(watch.data).not.toHaveProperty('secondsToFull');
      expect(watch.rate).toBeLessThan(1);
    }
  });

  it('one jump is a rise, and says nothing of the time left', () => {
    const watch = new Watch().follow(0, hour, () => 0);
    for (let second = hour + 5; second < hour + 120; second += 5) {
      watch.see(second, poolAt(second, 900_000));
      expect(watch.data).not.toHaveProperty('secondsToFull');
    }
    expect(watch.rate).toBe(0);
  });

  it('a fill that has just begun is a rise, and gets a time left when it lasts', () => {
    const watch = new Watch().follow(0, hour, () => 0);
    const used = (second: number) => 5000 * (second - hour);
    watch.follow(hour + 5, hour + 10, used);
    expect(watch.rate).toBeGreaterThan(0);
    expect(watch.data).not.toHaveProperty('secondsToFull');
    watch.follow(hour + 15, hour + 30, used);
    expect(watch.data.secondsToFull).toBeCloseTo((blocks - 150_000) / 5000);
  });

  it('a pool that is being emptied shrinks, and has no time left', () => {
    const watch = new Watch().follow(0, 300, (second) => blocks - 100 * second);
    expect(watch.rate).toBeCloseTo(-100);
    expect(watch.data).not.toHaveProperty('secondsToFull');
  });

  it('two blocks in half a minute are no reason to prolong anything', () => {
    const data = (used: number) => makeSpace(used, 10, blockBytes);
    const watch = new Watch();
    for (let second = 0; second <= 30; second += 5)
      watch.see(second, poolAt(second, 0, { data: data(Math.floor(second / 12)) }));
    expect(watch.data.bytesPerSecond).toBeGreaterThan(0);
    expect(watch.data).not.toHaveProperty('secondsToFull');
  });
});

describe('what is left', () => {
  const rate = 1000;
  const used = (second: number) => rate * second;

  it('to the minimum free is less than to full, and 0 below it', () => {
    const minimumFrees = [{ resource: 'data', origin: 'docker', bytes: 900_000 * blockBytes }] as const;
    const watch = new Watch().follow(0, 60, used, { minimumFrees });
    expect(watch.data.secondsToMinimumFree).toBeCloseTo((100_000 - 60_000) / rate);
    watch.follow(65, 110, used, { minimumFrees });
    expect(watch.data.secondsToMinimumFree).toBe(0);
    expect(watch.data.secondsToFull).toBeGreaterThan(0);
  });

  it('to full depends on the file system under a loop file', () => {
    const watch = new Watch();
    for (let second = 0; second <= 60; second += 5) {
      const data = makeSpace(used(second), blocks, blockBytes);
      watch.see(second, poolAt(second, 0, { data: { ...data, availableBytes: 5000 * blockBytes } }));
    }
    expect(watch.data.secondsToFull).toBeCloseTo(5);
  });

  it('of metadata is reported like that of data', () => {
    const watch = new Watch();
    for (let second = 0; second <= 60; second += 5)
      watch.see(second, poolAt(second, 0, { metadata: makeSpace(second, 1000, 4096) }));
    expect(watch.trend?.metadata?.secondsToFull).toBeCloseTo(940);
    expect(watch.rate).toBe(0);
  });
});

describe('a gap', () => {
  const unknown = () => makeUnknownPool({ uuid: 'one' });

  it('has no rate, keeps what was before it, and is marked when it is over', () => {
    const watch = new Watch().follow(0, 120, (second) => 10 * second);
    watch.see(140, unknown());
    expect(watch.data).toEqual({ points: expect.any(Array) });
    expect(watch.data.points.length).toBeGreaterThan(20);
    watch.see(300, poolAt(300, 500_000));
    expect(watch.data.points.at(-1)).toMatchObject({ at: 300_000, afterGap: true });
    expect(watch.data).not.toHaveProperty('bytesPerSecond');
    watch.follow(305, 330, (second) => 500_000 + second - 300);
    expect(watch.rate).toBeCloseTo(1);
  });

  it('is one too where the pool was away for a moment', () => {
    const watch = new Watch().follow(0, 120, (second) => 10 * second);
    watch.see(125);
    watch.see(130, poolAt(130, 0));
    expect(watch.data.points.at(-1)).toMatchObject({ afterGap: true });
    expect(watch.data.points.length).toBeGreaterThan(20);
    expect(watch.data).not.toHaveProperty('bytesPerSecond');
  });

  it('of a quarter of an hour without the pool is its end', () => {
    const watch = new Watch().follow(0, 120, (second) => 10 * second);
    watch.see(900);
    watch.see(905, poolAt(905, 0));
    expect(watch.data.points).toHaveLength(1);
  });
});

describe('another history', () => {
  it('begins with another pool of the name', () => {
    const watch = new Watch().follow(0, 120, (second) => 10 * second);
    watch.see(125, poolAt(125, 0, { uuid: 'another' }));
    expect(watch.data.points).toHaveLength(1);
    expect(watch.history.size).toBe(2);
  });

  it('does not begin with another name of the pool', () => {
    const watch = new Watch().follow(0, 120, (second) => 10 * second);
    watch.see(125, poolAt(125, 1250, { name: 'renamed' }));
    expect(watch.rate).toBeCloseTo(10);
    expect(watch.trend?.pool).toBe('renamed');
  });

  it('begins where the clock was set back', () => {
    const watch = new Watch().follow(5000, 5120, (second) => 10 * second);
    watch.see(100, poolAt(100, 0));
    expect(watch.data.points).toHaveLength(1);
  });

  it('is the same one, untouched, while nothing was read', () => {
    const watch = new Watch().follow(0, 120, (second) => 10 * second);
    const before = [...watch.history.values()][0]?.data;
    watch.see(121, poolAt(120, 1200));
    expect([...watch.history.values()][0]?.data).toBe(before);
  });
});

describe('any history', () => {
  /** Seconds to the next poll, whether the pool could be read, and blocks used. */
  const polls = fc.array(
    fc.record({
      wait: fc.integer({ min: 1, max: 60 }),
      readable: fc.integer({ min: 0, max: 9 }).map((number) => number > 0),
      used: fc.integer({ min: 0, max: blocks }),
    }),
    { maxLength: 300, size: 'max' },
  );

  it('is bounded, in order, true to what was read, and bridges no gap', () => {
    fc.assert(
      fc.property(polls, (steps) => {
        const watch = new Watch();
        const read = new Map<number, number>();
        const gaps: number[] = [];
        let second = 0;
        for (const { wait, readable, used } of steps) {
          second += wait;
          if (readable) read.set(second * 1000, used * blockBytes);
          else gaps.push(second * 1000);
          watch.see(second, readable ? poolAt(second, used) : makeUnknownPool({ uuid: 'one' }));
        }
        const { points } = watch.data;
        expect(points.length).toBeLessThanOrEqual(150);
        for (const [index, { at, usedBytes, afterGap }] of points.entries()) {
          const before = points[index - 1];
          expect(usedBytes).toBe(read.get(at));
          expect(second * 1000 - at).toBeLessThanOrEqual(4_500_000 + 60_000);
          if (before === undefined) continue;
          expect(at).toBeGreaterThan(before.at);
          if (gaps.some((gap) => before.at < gap && gap < at)) expect(afterGap).toBe(true);
        }
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  it('never reports a time left of which it has not watched a hundredth, nor one while not growing', () => {
    fc.assert(
      fc.property(polls, (steps) => {
        const watch = new Watch();
        let second = 0;
        for (const { wait, readable, used } of steps) {
          second += wait;
          watch.see(second, readable ? poolAt(second, used) : makeUnknownPool({ uuid: 'one' }));
          const { secondsToFull, bytesPerSecond = 0, overMs = 0 } = watch.data;
          if (secondsToFull === undefined) continue;
          expect(bytesPerSecond).toBeGreaterThan(0);
          expect(secondsToFull).toBeLessThanOrEqual(overMs / 10);
        }
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  it('of a steady fill has its rate, however it is polled', () => {
    const debounce = fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 60, maxLength: 300 });
    fc.assert(
      fc.property(debounce, fc.integer({ min: 1, max: 500 }), (steps, rate) => {
        const watch = new Watch();
        let second = 0;
        for (const wait of steps) {
          second += wait;
          watch.see(second, poolAt(second, rate * second));
        }
        expect(watch.rate).toBeCloseTo(rate);
        expect(watch.data.overMs).toBeGreaterThanOrEqual(30_000);
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  it.each([2, 5, 7, 60])(
    'read every %d s for three hours is about a hundred points over an hour',
    (every) => {
      const watch = new Watch();
      for (let second = 0; second <= 3 * hour; second += every) watch.see(second, poolAt(second, second));
      const { points } = watch.data;
      expect(points.length).toBeGreaterThan(40);
      expect(points.length).toBeLessThanOrEqual(125);
      expect(3 * hour * 1000 - (points[0]?.at ?? 0)).toBeGreaterThan(3_600_000);
    },
  );
});
