import type { Chance } from './random.ts';
import { Sketch } from './scenario.ts';
import type { Tier, tiers } from './tiers.ts';

export const minute = 60;
export const hour = 60 * minute;
export const day = 24 * hour;
export const MB = 1e6;
export const GB = 1e9;
export const TB = 1e12;

/** What comes of the histories of a class. A test holds the simulation against it. */
export type Outcome = 'fills' | 'crosses' | 'quiet';

export interface Frame {
  readonly tier: Tier;
  readonly chance: Chance;
  readonly minimumFreePercent: number;
}

/** A kind of history; `minimumFrees` says which of them have Docker's minimum free, else every other one has. */
export interface HistoryClass {
  readonly name: string;
  readonly tier: keyof typeof tiers;
  readonly count: number;
  readonly outcome: Outcome;
  readonly minimumFrees?: 'all' | 'none';
  readonly draw: (frame: Frame) => Sketch;
}

export const sizes = { low: 10 * GB, high: 100 * TB };
export const rates = { low: 1 * MB, high: 2 * GB };

/** A pool of any size with so much of it used: shares of what lies above the minimum free. */
export function pool({ tier, chance, minimumFreePercent }: Frame, low: number, high: number): Sketch {
  const below = 1 - minimumFreePercent / 100;
  const used = chance.between(low, high) * below;
  return new Sketch(tier, chance, minimumFreePercent, {
    size: chance.logBetween(sizes.low, sizes.high),
    used,
  });
}

export interface Fill {
  readonly sketch: Sketch;
  readonly from: number;
  readonly to: number;
  readonly bytes: number;
}

/** A pool that a write of this many seconds, at a rate that exists, takes from where it is to full. */
export function filling(
  { tier, chance, minimumFreePercent }: Frame,
  shortest: number,
  longest: number,
): Fill {
  const mostUsed = 0.97 * (1 - minimumFreePercent / 100);
  for (;;) {
    const size = chance.logBetween(sizes.low, sizes.high);
    const lasts = chance.logBetween(shortest, longest);
    const used = 1 - (lasts * chance.logBetween(rates.low, rates.high)) / size;
    if (used < 0.15 || used > mostUsed) continue;
    const sketch = new Sketch(tier, chance, minimumFreePercent, { size, used });
    const after = chance.between(20 * minute, 40 * minute);
    const latest = tier.duration - lasts - after;
    const from = chance.between(Math.min(latest, tier.duration / 6), latest);
    sketch.onsets.push(from);
    sketch.rescueAfter = chance.between(3 * minute, 12 * minute);
    return { sketch, from, to: from + lasts, bytes: sketch.free };
  }
}

/** Writes on, at the same rate, beyond full: a fill does not know that it is one. */
export function steadily({ sketch, from, to, bytes }: Fill): Sketch {
  const lasts = to - from;
  return sketch.write(from, from + 1.3 * lasts, 1.3 * bytes);
}

export const steady = (shortest: number, longest: number) => (frame: Frame) =>
  steadily(filling(frame, shortest, longest));

/** Rates that change every few minutes, from nearly nothing to nearly twice the mean. */
export function unevenly({ sketch, from, to, bytes }: Fill, by: number): Sketch {
  const lasts = to - from;
  return sketch.writeUnevenly(from, from + 1.5 * lasts, 1.5 * bytes, { stretch: 5 * minute, by });
}

export function accelerating({ sketch, from, to, bytes }: Fill): Sketch {
  const pieces = 60;
  const width = (to - from) / pieces;
  const share = (index: number): number => (index + 1) / ((pieces * (pieces + 1)) / 2);
  for (let index = 0; index < 1.2 * pieces; index += 1)
    sketch.write(from + index * width, from + (index + 1) * width, bytes * share(index));
  return sketch;
}

/** Small steps with pauses between them, which add up to a fill of the given number of bytes. */
export function inSteps(sketch: Sketch, from: number, to: number, bytes: number): Sketch {
  const { chance } = sketch;
  const pause = chance.between(5 * minute, 20 * minute);
  const count = Math.max(3, Math.floor((to - from) / pause));
  for (let index = 0; index < count; index += 1) {
    const at = from + (index * (to - from)) / count;
    sketch.write(at, at + chance.between(20, 2 * minute), bytes / count);
  }
  return sketch;
}

/** A few large writes, hours apart. The last one is what counts. */
export function jumps(sketch: Sketch, shares: readonly number[]): Sketch {
  const { chance, tier, free } = sketch;
  const gap = (tier.duration - 2 * hour) / shares.length;
  shares.forEach((share, index) => {
    const at = hour + index * gap + chance.between(0, 0.3) * gap;
    const lasts = Math.max(chance.between(2 * minute, 20 * minute), (share * free) / rates.high);
    sketch.onsets.push(at);
    sketch.write(at, at + lasts, share * free);
  });
  return sketch;
}

/** Swings between night and day around where it began. */
export function daily(sketch: Sketch, swing: number): Sketch {
  const piece = 30 * minute;
  const level = (at: number): number => -Math.cos((2 * Math.PI * at) / day);
  for (let at = 0; at < sketch.tier.duration; at += piece)
    sketch.write(at, at + piece, (swing / 2) * (level(at + piece) - level(at)));
  return sketch;
}

/** A job that writes for a while and gives all back some time later. */
export function job(sketch: Sketch, at: number, lasts: number, bytes: number): void {
  const { chance } = sketch;
  const stretch = { stretch: 3 * minute, by: 0.5 };
  sketch.writeUnevenly(at, at + lasts, bytes, stretch);
  const back = at + lasts + chance.between(20 * minute, 3 * hour);
  sketch.write(back, back + chance.between(1 * minute, 10 * minute), -bytes);
}

/** Images are pulled one by one; pruned when they come to a share of the distance, if at all. */
export function pulls(
  sketch: Sketch,
  from: number,
  to: number,
  { each, pruneAt }: { each: number; pruneAt: number },
): Sketch {
  const { chance } = sketch;
  let pulled = 0;
  let at = from;
  while (at < to) {
    const bytes = each * chance.between(0.4, 1.6);
    const lasts = Math.max(5, bytes / chance.logBetween(30 * MB, 400 * MB));
    if (pulled + bytes > pruneAt) {
      sketch.write(at, at + chance.between(5, 90), -pulled);
      pulled = 0;
      at += 3 * minute;
    }
    sketch.write(at, at + lasts, bytes);
    pulled += bytes;
    at += lasts + chance.logBetween(1 * minute, (to - from) / 12);
  }
  return sketch;
}

/** Files written and deleted within minutes. */
export function churn(sketch: Sketch, swing: number): Sketch {
  const { chance, tier } = sketch;
  let at = 5 * minute;
  while (at < tier.duration - 30 * minute) {
    const bytes = chance.between(0.2, 1) * swing;
    const lasts = Math.max(chance.logBetween(30, 20 * minute), bytes / rates.high);
    sketch.write(at, at + lasts, bytes);
    const back = at + lasts + chance.logBetween(20, 20 * minute);
    sketch.write(back, back + 20, -bytes);
    at = back + 20 + chance.logBetween(1 * minute, 30 * minute);
  }
  return sketch;
}

/** One write that takes a share of the distance and ends. */
export function burst(sketch: Sketch, at: number, share: number, rate: number): number {
  const bytes = share * sketch.distance;
  sketch.write(at, at + bytes / rate, bytes);
  return at + bytes / rate;
}

/** Bursts of every rate that there is, none of which takes more than half of what is left, and less by far as a rule. */
export function burstsThatEnd(frame: Frame): Sketch {
  const { chance } = frame;
  for (;;) {
    const sketch = pool(frame, 0.2, 0.85);
    const rate = chance.logBetween(20 * MB, rates.high);
    const shares = Array.from({ length: chance.whole(1, 3) }, () => chance.logBetween(0.01, 0.5));
    const total = shares.reduce((sum, share) => sum + share, 0);
    if (total > 0.6 || (total * sketch.distance) / rate > 45 * minute) continue;
    let at = chance.between(15 * minute, 30 * minute);
    for (const share of shares)
      at = burst(sketch, at, share, rate) + chance.logBetween(2 * minute, 20 * minute);
    return sketch;
  }
}

/** Takes up to two thirds of what is left, at any rate: only its end shows that it was no fill. */
export function largeBurst(frame: Frame): Sketch {
  const { chance } = frame;
  for (;;) {
    const sketch = pool(frame, 0.2, 0.85);
    const rate = chance.logBetween(20 * MB, rates.high);
    const share = chance.between(0.3, 0.65);
    const lasts = (share * sketch.distance) / rate;
    if (lasts < 20 || lasts > 45 * minute) continue;
    burst(sketch, chance.between(15 * minute, 40 * minute), share, rate);
    return sketch;
  }
}

export function longCopy(frame: Frame): Sketch {
  const { chance } = frame;
  for (;;) {
    const sketch = pool(frame, 0.2, 0.8);
    const bytes = sketch.distance * chance.logBetween(0.08, 0.6);
    const lasts = chance.logBetween(20 * minute, 7 * hour);
    if (bytes / lasts < rates.low || bytes / lasts > rates.high) continue;
    const from = chance.between(2 * hour, 6 * hour);
    return sketch.writeUnevenly(from, from + lasts, bytes, { stretch: 5 * minute, by: 0.4 });
  }
}

/** Snapshots share data and copy metadata: only metadata grows. */
export function snapshotsFill(frame: Frame, shortest: number, longest: number): Sketch {
  const { chance, tier, minimumFreePercent } = frame;
  const sketch = pool(frame, 0.2, 0.6);
  const lasts = chance.logBetween(shortest, longest);
  const from = chance.between(tier.duration / 6, tier.duration - lasts - 30 * minute);
  sketch.onsets.push(from);
  const before = chance.between(0.2, 0.75) * (1 - minimumFreePercent / 100) * sketch.metadata.size;
  sketch.demand.metadata.add(0, tier.step, before - sketch.metadata.used);
  const bytes = sketch.metadata.size - before;
  sketch.demand.metadata.addUnevenly(from, from + 1.3 * lasts, 1.3 * bytes, chance, {
    stretch: Math.max(20, lasts / 30),
    by: 0.3,
  });
  sketch.rescueAfter = chance.between(3 * minute, 12 * minute);
  return sketch;
}

export function snapshotRotation(frame: Frame): Sketch {
  const { chance, tier } = frame;
  const sketch = pool(frame, 0.2, 0.7);
  const each = sketch.metadata.size * chance.between(0.005, 0.03);
  const keep = chance.whole(4, 10);
  const every = chance.between(20 * minute, 2 * hour);
  for (let index = 0; (index + 1) * every < tier.duration; index += 1) {
    const at = (index + 0.5) * every;
    sketch.demand.metadata.add(at, at + chance.between(10, 3 * minute), each);
    if (index >= keep) sketch.demand.metadata.add(at + 4 * minute, at + 5 * minute, -each);
  }
  return sketch;
}

/** Growth into the policy's threshold, with room in the VG for the given number of steps. */
export function extending(
  frame: Frame,
  { lasts, steps }: { lasts: readonly [number, number]; steps: number },
): Fill {
  const { chance, tier } = frame;
  const thresholdPercent = chance.pick([70, 75, 80]);
  for (;;) {
    const fill = filling(frame, ...lasts);
    const { sketch } = fill;
    const used = sketch.data.used / sketch.data.size;
    if (used > (thresholdPercent - 4) / 100) continue;
    const grown = sketch.data.size * 1.2 ** steps;
    const bytes = grown - sketch.data.used;
    const needs = ((fill.to - fill.from) * bytes) / fill.bytes;
    const vgFree = (grown - sketch.data.size) * 1.02;
    if (fill.from + needs > tier.duration - 20 * minute) continue;
    sketch.autoextend = { thresholdPercent, stepPercent: 20, vgFree };
    return { sketch, from: fill.from, to: fill.from + needs, bytes };
  }
}

/** There is always room in the VG: it grows, and is extended, to the end. */
export function extendedInTime(frame: Frame, lasts: readonly [number, number]): Sketch {
  const { sketch, from, to, bytes } = extending(frame, { lasts, steps: 3 });
  sketch.autoextend = { ...sketch.autoextend!, vgFree: 20 * sketch.data.size };
  return sketch.write(from, to, bytes);
}

/** An operator makes the pool three times as large hours before it comes to its limit, and the growth goes on. */
export function grownInTime(frame: Frame): Sketch {
  const { chance } = frame;
  for (;;) {
    const { sketch, from, to, bytes } = filling(frame, 5 * hour, 11 * hour);
    const untilLimit = (to - from) * (sketch.distance / sketch.free);
    const at = untilLimit * chance.between(0.3, 0.6);
    if (untilLimit - at < 2.5 * hour) continue;
    sketch.extensions.push({ at: from + at, resource: 'data', bytes: 2 * sketch.data.size });
    return sketch.write(from, to, bytes);
  }
}

/** It is extended, which helps for a while only. */
export function grownAndFillsAgain(frame: Frame): Sketch {
  const { chance, tier } = frame;
  for (;;) {
    const { sketch, from, to, bytes } = filling(frame, 1.5 * hour, 8 * hour);
    const lasts = to - from;
    const more = sketch.data.size * chance.between(0.1, 0.3);
    const rate = bytes / lasts;
    if (from + (bytes + more) / rate > tier.duration - 30 * minute) continue;
    sketch.extensions.push({ at: from + lasts * chance.between(0.3, 0.8), resource: 'data', bytes: more });
    return sketch.write(from, from + (1.2 * (bytes + more)) / rate, 1.2 * (bytes + more));
  }
}

/** Scrapes fail now and then, and once while the pool fills. */
export function disturbed(sketch: Sketch, kind: 'gap' | 'restart'): Sketch {
  const { chance, tier } = sketch;
  const lasts = (): number => (kind === 'gap' ? chance.between(20, 4 * minute) : chance.between(6, 45));
  const onset = sketch.onsets.at(-1) ?? tier.duration / 2;
  const at = [chance.between(0.1, 0.9) * tier.duration, onset + chance.logBetween(20, 40 * minute)];
  for (const from of at) sketch.disturbances.push({ kind, from, to: from + lasts() });
  return sketch;
}

export function settlesBelowMinimumFree(frame: Frame, longest: number): Sketch {
  const { chance, minimumFreePercent } = frame;
  for (;;) {
    const { sketch, from, to, bytes } = filling(frame, 3 * minute, longest);
    const minimumFree = (sketch.data.size * minimumFreePercent) / 100;
    const share = (bytes - minimumFree * chance.between(0.3, 0.95)) / bytes;
    delete sketch.rescueAfter;
    return sketch.write(from, from + share * (to - from), share * bytes);
  }
}

/** Comes to its minimum free and goes up and down around it, as images are pulled and removed. */
export function hoversAtMinimumFree(frame: Frame): Sketch {
  const { chance, tier } = frame;
  const sketch = pool(frame, 0.7, 0.9);
  const at = chance.between(2 * hour, 5 * hour);
  sketch.onsets.push(at);
  sketch.write(at, at + chance.between(1 * hour, 4 * hour), sketch.distance);
  const swing = 0.01 * sketch.data.size;
  for (let next = at + 4 * hour; next < tier.duration - hour; next += chance.between(10 * minute, hour)) {
    const bytes = chance.between(-1, 1) * swing;
    sketch.write(next, next + 2 * minute, bytes).write(next + 4 * minute, next + 6 * minute, -bytes);
  }
  return sketch;
}
