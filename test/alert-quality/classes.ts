import { hardClasses } from './hard-classes.ts';
import { Sketch } from './scenario.ts';
import {
  accelerating,
  burstsThatEnd,
  churn,
  daily,
  day,
  disturbed,
  extendedInTime,
  extending,
  filling,
  GB,
  grownAndFillsAgain,
  grownInTime,
  type HistoryClass,
  hour,
  hoversAtMinimumFree,
  inSteps,
  job,
  jumps,
  largeBurst,
  longCopy,
  minute,
  pool,
  pulls,
  rates,
  settlesBelowMinimumFree,
  snapshotRotation,
  snapshotsFill,
  steadily,
  steady,
  TB,
  unevenly,
} from './writes.ts';

const usualClasses: readonly HistoryClass[] = [
  { name: 'steady fill, minutes', tier: 'minutes', count: 32, outcome: 'fills', draw: steady(30, hour) },
  { name: 'steady fill, hours', tier: 'hours', count: 14, outcome: 'fills', draw: steady(hour, 11 * hour) },
  { name: 'steady fill, days', tier: 'days', count: 6, outcome: 'fills', draw: steady(day, 4.3 * day) },
  {
    name: 'uneven fill',
    tier: 'hours',
    count: 10,
    outcome: 'fills',
    draw: (frame) => unevenly(filling(frame, hour, 9 * hour), 0.9),
  },
  {
    name: 'accelerating fill',
    tier: 'hours',
    count: 6,
    outcome: 'fills',
    draw: (frame) => accelerating(filling(frame, 2 * hour, 9 * hour)),
  },
  {
    name: 'fill in steps',
    tier: 'hours',
    count: 6,
    outcome: 'fills',
    draw: (frame) => {
      const { sketch, from, to, bytes } = filling(frame, 2 * hour, 10 * hour);
      return inSteps(sketch, from, from + 1.2 * (to - from), 1.2 * bytes);
    },
  },
  {
    name: 'steps that stop',
    tier: 'hours',
    count: 6,
    outcome: 'quiet',
    draw: (frame) => {
      const sketch = pool(frame, 0.2, 0.7);
      const from = frame.chance.between(hour, 5 * hour);
      const share = frame.chance.between(0.1, 0.6);
      return inSteps(sketch, from, from + frame.chance.between(2, 9) * hour, share * sketch.distance);
    },
  },
  {
    name: 'jumps, the last to full',
    tier: 'hours',
    count: 6,
    outcome: 'fills',
    draw: (frame) => {
      const sketch = pool(frame, 0.2, 0.5);
      sketch.rescueAfter = 10 * minute;
      return jumps(sketch, [0.2, 0.15, 0.15, 0.7]);
    },
  },
  {
    name: 'jumps, room left',
    tier: 'hours',
    count: 6,
    outcome: 'quiet',
    draw: (frame) => {
      const sketch = pool(frame, 0.2, 0.5);
      const each = (): number => frame.chance.between(0.05, 0.17) * (sketch.distance / sketch.free);
      return jumps(sketch, [each(), each(), each(), each()]);
    },
  },
  {
    name: 'daily cycle',
    tier: 'days',
    count: 6,
    outcome: 'quiet',
    draw: (frame) => {
      const sketch = pool(frame, 0.3, 0.75);
      return daily(sketch, sketch.distance * frame.chance.between(0.1, 0.7));
    },
  },
  {
    name: 'daily cycle that grows',
    tier: 'days',
    count: 5,
    outcome: 'fills',
    draw: (frame) => {
      const { sketch, from, to, bytes } = filling(frame, 3 * day, 4.5 * day);
      daily(sketch, sketch.distance * frame.chance.between(0.05, 0.2));
      return sketch.write(from, from + 1.3 * (to - from), 1.3 * bytes);
    },
  },
  {
    name: 'job that gives back, hours',
    tier: 'hours',
    count: 8,
    outcome: 'quiet',
    draw: (frame) => {
      const { chance } = frame;
      const sketch = pool(frame, 0.3, 0.8);
      const bytes = sketch.distance * chance.between(0.05, 0.6);
      const lasts = Math.max(chance.logBetween(10 * minute, 3 * hour), bytes / rates.high);
      job(sketch, chance.between(2, 4) * hour, lasts, bytes);
      return sketch;
    },
  },
  {
    name: 'nightly job',
    tier: 'days',
    count: 6,
    outcome: 'quiet',
    draw: (frame) => {
      const { chance, tier } = frame;
      const sketch = pool(frame, 0.3, 0.8);
      const bytes = sketch.distance * chance.between(0.05, 0.6);
      const lasts = Math.max(chance.logBetween(20 * minute, 3 * hour), bytes / rates.high);
      for (let at = 3 * hour; at < tier.duration - 20 * hour; at += day)
        job(sketch, at, lasts, bytes * chance.between(0.9, 1.1));
      return sketch;
    },
  },
  {
    name: 'job that outgrows the pool',
    tier: 'hours',
    count: 6,
    outcome: 'fills',
    draw: (frame) => {
      const { chance } = frame;
      const lasts = chance.between(20 * minute, 90 * minute);
      let sketch = pool(frame, 0.3, 0.7);
      while (sketch.free / lasts > rates.high) sketch = pool(frame, 0.3, 0.7);
      const at = chance.between(0.5, 1) * hour;
      job(sketch, at, lasts, sketch.distance * chance.between(0.5, 0.8));
      sketch.onsets.push(at + 12 * hour);
      sketch.rescueAfter = 8 * minute;
      return sketch.write(at + 12 * hour, at + 12 * hour + 1.2 * lasts, 1.3 * sketch.free);
    },
  },
  {
    name: 'image pulls and prunes, minutes',
    tier: 'minutes',
    count: 12,
    outcome: 'quiet',
    draw: (frame) => {
      const sketch = pool(frame, 0.2, 0.8);
      const share = frame.chance.between(0.3, 0.75);
      const each = Math.min(8 * GB, sketch.distance * frame.chance.between(0.01, 0.12));
      return pulls(sketch, 5 * minute, 110 * minute, { each, pruneAt: share * sketch.distance });
    },
  },
  {
    name: 'image pulls and prunes, hours',
    tier: 'hours',
    count: 6,
    outcome: 'quiet',
    draw: (frame) => {
      const sketch = pool(frame, 0.2, 0.8);
      const each = Math.min(20 * GB, sketch.distance * frame.chance.between(0.02, 0.1));
      return pulls(sketch, hour, 15 * hour, { each, pruneAt: 0.7 * sketch.distance });
    },
  },
  {
    name: 'image pulls, never pruned',
    tier: 'hours',
    count: 6,
    outcome: 'fills',
    draw: (frame) => {
      const { chance, tier, minimumFreePercent } = frame;
      const used = chance.between(0.3, 0.8) * (1 - minimumFreePercent / 100);
      const sketch = new Sketch(tier, chance, minimumFreePercent, {
        size: chance.logBetween(20 * GB, TB),
        used,
      });
      sketch.onsets.push(hour);
      sketch.rescueAfter = 9 * minute;
      const each = sketch.free / chance.between(12, 40);
      return pulls(sketch, hour, 14 * hour, { each, pruneAt: Number.POSITIVE_INFINITY });
    },
  },
  {
    name: 'leak to full',
    tier: 'days',
    count: 5,
    outcome: 'fills',
    draw: (frame) => unevenly(filling(frame, 2.5 * day, 4.5 * day), 0.3),
  },
  {
    name: 'slow leak',
    tier: 'days',
    count: 6,
    outcome: 'quiet',
    draw: (frame) => {
      const sketch = pool(frame, 0.3, 0.8);
      const share = frame.chance.between(0.05, 0.5);
      return sketch.writeUnevenly(0, frame.tier.duration, share * sketch.distance, {
        stretch: hour,
        by: 0.6,
      });
    },
  },
  {
    name: 'snapshots fill metadata, minutes',
    tier: 'minutes',
    count: 8,
    outcome: 'fills',
    draw: (frame) => snapshotsFill(frame, 2 * minute, hour),
  },
  {
    name: 'snapshots fill metadata, hours',
    tier: 'hours',
    count: 8,
    outcome: 'fills',
    draw: (frame) => snapshotsFill(frame, hour, 10 * hour),
  },
  { name: 'snapshots come and go', tier: 'hours', count: 6, outcome: 'quiet', draw: snapshotRotation },
  {
    name: 'autoextend, fast growth',
    tier: 'minutes',
    count: 6,
    outcome: 'quiet',
    draw: (frame) => extendedInTime(frame, [10 * minute, 30 * minute]),
  },
  {
    name: 'autoextend, slow growth',
    tier: 'hours',
    count: 8,
    outcome: 'quiet',
    draw: (frame) => extendedInTime(frame, [1 * hour, 5 * hour]),
  },
  {
    name: 'autoextend until the VG is empty',
    tier: 'hours',
    count: 8,
    outcome: 'fills',
    draw: (frame) =>
      steadily(extending(frame, { lasts: [1.5 * hour, 6 * hour], steps: frame.chance.whole(1, 3) })),
  },
  {
    name: 'autoextend without room',
    tier: 'minutes',
    count: 4,
    outcome: 'fills',
    draw: (frame) => steadily(extending(frame, { lasts: [10 * minute, 50 * minute], steps: 0 })),
  },
  { name: 'extended in time by hand', tier: 'hours', count: 8, outcome: 'quiet', draw: grownInTime },
  { name: 'extended, and fills again', tier: 'hours', count: 6, outcome: 'fills', draw: grownAndFillsAgain },
  {
    name: 'fill with scrapes missing, minutes',
    tier: 'minutes',
    count: 6,
    outcome: 'fills',
    draw: (frame) => disturbed(steady(5 * minute, hour)(frame), 'gap'),
  },
  {
    name: 'fill with scrapes missing, hours',
    tier: 'hours',
    count: 5,
    outcome: 'fills',
    draw: (frame) => disturbed(steady(hour, 9 * hour)(frame), 'gap'),
  },
  {
    name: 'fill with exporter restarts, minutes',
    tier: 'minutes',
    count: 6,
    outcome: 'fills',
    draw: (frame) => disturbed(steady(5 * minute, hour)(frame), 'restart'),
  },
  {
    name: 'fill with exporter restarts, hours',
    tier: 'hours',
    count: 5,
    outcome: 'fills',
    draw: (frame) => disturbed(steady(hour, 9 * hour)(frame), 'restart'),
  },
  {
    name: 'quiet with scrapes missing',
    tier: 'minutes',
    count: 8,
    outcome: 'quiet',
    draw: (frame) => {
      const sketch = pool(frame, 0.3, 0.8);
      return disturbed(churn(sketch, 0.2 * sketch.distance), 'gap');
    },
  },
  {
    name: 'quiet with exporter restarts',
    tier: 'minutes',
    count: 8,
    outcome: 'quiet',
    draw: (frame) => {
      const sketch = pool(frame, 0.3, 0.8);
      return disturbed(churn(sketch, 0.2 * sketch.distance), 'restart');
    },
  },
  { name: 'burst that ends', tier: 'minutes', count: 24, outcome: 'quiet', draw: burstsThatEnd },
  { name: 'large burst that ends', tier: 'minutes', count: 10, outcome: 'quiet', draw: largeBurst },
  { name: 'long copy that ends', tier: 'hours', count: 10, outcome: 'quiet', draw: longCopy },
  {
    name: 'full to the brim, and still',
    tier: 'hours',
    count: 6,
    outcome: 'quiet',
    minimumFrees: 'none',
    draw: (frame) => {
      const sketch = pool(frame, 0.82, 0.97);
      return churn(sketch, 0.03 * sketch.distance);
    },
  },
  {
    name: 'files come and go',
    tier: 'minutes',
    count: 10,
    outcome: 'quiet',
    draw: (frame) => {
      const sketch = pool(frame, 0.4, 0.85);
      return churn(sketch, sketch.distance * frame.chance.between(0.05, 0.4));
    },
  },
  {
    name: 'settles below the minimum free space, minutes',
    tier: 'minutes',
    count: 8,
    outcome: 'crosses',
    minimumFrees: 'all',
    draw: (frame) => settlesBelowMinimumFree(frame, hour),
  },
  {
    name: 'settles below the minimum free space, hours',
    tier: 'hours',
    count: 6,
    outcome: 'crosses',
    minimumFrees: 'all',
    draw: (frame) => settlesBelowMinimumFree(frame, 9 * hour),
  },
  {
    name: 'hovers at the minimum free space',
    tier: 'hours',
    count: 5,
    outcome: 'crosses',
    minimumFrees: 'all',
    draw: hoversAtMinimumFree,
  },
];

export const classes: readonly HistoryClass[] = [...usualClasses, ...hardClasses];
