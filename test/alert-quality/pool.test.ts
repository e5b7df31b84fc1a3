import { describe, expect, it } from 'vitest';
import { classes } from './classes.ts';
import { played } from './history.ts';
import { simulate } from './pool.ts';
import { chanceFrom } from './random.ts';
import { Sketch } from './scenario.ts';
import type { Tier } from './tiers.ts';

const tier: Tier = { name: 'test', step: 1, poll: 5, finest: 5, duration: 2000 };
const MiB = 1024 ** 2;

function sketch(minimumFreePercent = 10): Sketch {
  return new Sketch(tier, chanceFrom(1), minimumFreePercent, { size: 1000 * MiB, used: 0.5 });
}

const truth = (of: Sketch) =>
  played({ id: 'h', of: classes[0]!, phase: { poll: 0, evaluation: 0 } }, of).truth;

describe('what comes of a pool', () => {
  it('is nothing while nothing is written', () => {
    expect(truth(sketch())).toEqual({ dangers: [], fills: false, isQuiet: true });
  });

  it('falls below its minimum free before it is full', () => {
    const pool = sketch();
    pool.onsets.push(100);
    pool.write(100, 700, 600 * MiB);
    expect(truth(pool)).toEqual({
      dangers: [
        { kind: 'minimum_free', resource: 'data', at: 501, onset: 100 },
        { kind: 'full', resource: 'data', at: 600, onset: 100 },
      ],
      fills: true,
      isQuiet: false,
    });
  });

  it('never falls below a minimum free if it has none', () => {
    expect(truth(sketch(0).write(100, 500, 450 * MiB)).isQuiet).toBe(true);
    expect(truth(sketch(10).write(100, 500, 450 * MiB)).dangers).toMatchObject([{ kind: 'minimum_free' }]);
  });

  it('is as long in danger as it goes on, and comes to the next by the latest onset', () => {
    const pool = sketch();
    pool.onsets.push(100, 1000);
    pool
      .write(100, 200, 450 * MiB)
      .write(300, 310, -100 * MiB)
      .write(1000, 1100, 200 * MiB);
    expect(truth(pool).dangers).toMatchObject([
      { kind: 'minimum_free', onset: 100 },
      { kind: 'full', onset: 1000 },
    ]);
  });

  it('stops growing when it is full, and grows again once it is extended', () => {
    const pool = sketch(0);
    pool.rescueAfter = 60;
    pool.write(100, 700, 1200 * MiB);
    const { tracks, extended } = simulate(pool.plan());
    expect(Math.max(...tracks.data.used)).toBe(1000 * MiB);
    expect(extended.data).toEqual([410]);
    expect(tracks.data.size.at(-1)).toBe(1500 * MiB);
  });

  it('is extended above the threshold as often as the VG has room', () => {
    const pool = sketch(0);
    pool.autoextend = { thresholdPercent: 80, stepPercent: 20, vgFree: 450 * MiB };
    pool.write(0, 1000, 1000 * MiB);
    const { tracks, extended, vgFree } = simulate(pool.plan());
    expect(extended.data).toEqual([313, 473]);
    expect(tracks.data.size.at(-1)).toBe(1440 * MiB);
    expect(vgFree.at(-1)).toBe(10 * MiB);
    expect(truth(pool).dangers).toMatchObject([{ kind: 'full', at: 940 }]);
  });

  it('is extended in metadata likewise, which takes twice as much', () => {
    const pool = sketch(0);
    pool.autoextend = { thresholdPercent: 80, stepPercent: 20, vgFree: 100 * MiB };
    pool.demand.metadata.add(0, 100, 0.9 * pool.metadata.size - pool.metadata.used);
    const { extended, vgFree } = simulate(pool.plan());
    expect(extended.metadata).toHaveLength(1);
    expect(vgFree.at(-1)).toBe(92 * MiB);
  });

  it('runs out of metadata while data is free', () => {
    const pool = sketch(0);
    pool.demand.metadata.add(100, 200, pool.metadata.size);
    expect(truth(pool).dangers).toMatchObject([{ kind: 'full', resource: 'metadata' }]);
  });
});
