import type { Sketch } from './scenario.ts';
import {
  churn,
  day,
  extending,
  type Fill,
  type Frame,
  filling,
  type HistoryClass,
  hour,
  minute,
  pool,
  rates,
  steadily,
} from './writes.ts';

/** Usage that goes up and down by a share of the size, as many users write and delete. */
function noise(
  sketch: Sketch,
  swing: number,
  [shortest, longest]: readonly [number, number] = [2 * minute, hour],
): Sketch {
  const { chance, tier } = sketch;
  let level = 0;
  for (let at = chance.between(0, longest); at < tier.duration - longest; ) {
    const next = chance.between(-0.5, 0.5) * swing;
    const lasts = chance.logBetween(shortest, longest);
    const takes = Math.max(lasts * chance.between(0.1, 0.9), Math.abs(next - level) / rates.high);
    sketch.write(at, at + takes, next - level);
    level = next;
    at += Math.max(lasts, takes);
  }
  return sketch;
}

const restartLasts = { low: 5, high: minute };

/** The exporter is restarted again and again, as by a deployment that does not settle. */
function restarts(
  sketch: Sketch,
  from: number,
  to: number,
  [shortest, longest]: readonly [number, number],
): Sketch {
  const { chance, disturbances } = sketch;
  for (let at = from + chance.between(0, longest); at < to; at += chance.logBetween(shortest, longest))
    disturbances.push({
      kind: 'restart',
      from: at,
      to: at + chance.between(restartLasts.low, restartLasts.high),
    });
  return sketch;
}

/** A pool that is nearly at its limit loses the rest over days, with noise that hides it. */
function noisyLeak(frame: Frame, share: (frame: Frame) => number): Fill {
  const { chance, tier } = frame;
  const sketch = pool(frame, 0.75, 0.9);
  const from = chance.between(6, 24) * hour;
  const lasts = chance.between(1.5, 3.5) * day;
  sketch.onsets.push(from);
  const bytes = share(frame) * sketch.distance;
  const to = Math.min(tier.duration - 6 * hour, from + lasts);
  return { sketch, from, to, bytes };
}

function noisyLeakToFull(frame: Frame): Sketch {
  const { chance } = frame;
  const { sketch, from, to } = noisyLeak(frame, () => 1);
  sketch.rescueAfter = chance.between(5, 20) * minute;
  noise(sketch, sketch.distance * chance.between(0.05, 0.2));
  return sketch.writeUnevenly(from, from + 1.5 * (to - from), 1.5 * sketch.free, { stretch: hour, by: 0.6 });
}

function noisyLeakWithRoom(frame: Frame): Sketch {
  const { chance } = frame;
  const share = chance.between(0.2, 0.65);
  const { sketch, from, to, bytes } = noisyLeak(frame, () => share);
  noise(sketch, sketch.distance * (1 - share) * chance.between(0.2, 0.7));
  return sketch.writeUnevenly(from, to, bytes, { stretch: hour, by: 0.6 });
}

/** Down to a little below the minimum, and up and down there. */
function noisyLeakBelowMinimumFree(frame: Frame): Sketch {
  const { chance, minimumFreePercent } = frame;
  const { sketch, from, to } = noisyLeak(frame, () => 1);
  const minimum = (sketch.data.size * minimumFreePercent) / 100;
  noise(sketch, minimum * chance.between(0.05, 0.15));
  const bytes = sketch.distance + minimum * chance.between(0.15, 0.4);
  return sketch.writeUnevenly(from, to, bytes, { stretch: hour, by: 0.6 });
}

interface Teeth {
  readonly count: number;
  readonly period: number;
  /** In bytes, of each tooth. */
  readonly height: (tooth: number) => number;
}

/** Writes that are discarded all at once, again and again. Each is in a snapshot that goes with it. */
function sawtooth(sketch: Sketch, from: number, { count, period, height }: Teeth): Sketch {
  const { chance, demand, metadata } = sketch;
  for (let tooth = 0; tooth < count; tooth += 1) {
    const at = from + tooth * period;
    const bytes = height(tooth);
    const rise = Math.max(period * chance.between(0.5, 0.9), bytes / rates.high);
    const snapshot = metadata.size * chance.between(0.01, 0.04);
    sketch.onsets.push(at);
    sketch.writeUnevenly(at, at + rise, bytes, { stretch: 3 * minute, by: 0.4 });
    demand.metadata.add(at, at + chance.between(10, minute), snapshot);
    const back = at + rise + chance.between(5, 30);
    const lasts = chance.between(5, 2 * minute);
    sketch.write(back, back + lasts, -bytes);
    demand.metadata.add(back, back + lasts, -snapshot);
  }
  return sketch;
}

/** A pool and a period in which teeth of this share of the distance can be written. */
function drawTeeth(frame: Frame, share: number): { sketch: Sketch; period: number } {
  const { chance } = frame;
  for (;;) {
    const sketch = pool(frame, 0.6, 0.8);
    const period = chance.logBetween(12 * minute, 2 * hour);
    if ((share * sketch.distance) / (0.5 * period) < rates.high / 2) return { sketch, period };
  }
}

function sawtoothWithRoom(frame: Frame): Sketch {
  const { chance, tier } = frame;
  const share = chance.between(0.35, 0.85);
  const { sketch, period } = drawTeeth(frame, share);
  const from = hour;
  const count = Math.floor((tier.duration - 2 * from) / period);
  const height = (): number => share * sketch.distance * chance.between(0.85, 1);
  return sawtooth(sketch, from, { count, period, height });
}

/** Each tooth is a little higher than the one before, until one does not fit. */
function sawtoothThatOutgrows(frame: Frame): Sketch {
  const { chance, tier } = frame;
  const { sketch, period } = drawTeeth(frame, 1.5);
  const from = hour;
  const count = Math.floor((tier.duration - 3 * hour) / period);
  const first = chance.between(0.4, 0.6) * sketch.distance;
  const last = 1.15 * sketch.free;
  sketch.rescueAfter = chance.between(3, 10) * minute;
  return sawtooth(sketch, from, {
    count,
    period,
    height: (tooth) => first + ((last - first) * tooth) / Math.max(1, count - 1),
  });
}

function restartsAtHighLevel(frame: Frame): Sketch {
  const { chance, tier } = frame;
  const sketch = pool(frame, 0.85, 0.97);
  noise(sketch, sketch.distance * chance.between(0.1, 0.5), [minute, 20 * minute]);
  return restarts(sketch, hour, tier.duration, [10 * minute, 2 * hour]);
}

function restartsWhileFilling(frame: Frame): Sketch {
  for (;;) {
    const fill = filling(frame, hour, 6 * hour);
    const { sketch, from, to } = fill;
    if (sketch.data.used < 0.65 * sketch.data.size) continue;
    return restarts(steadily(fill), from - hour, to, [6 * minute, 25 * minute]);
  }
}

function extendedUnevenly(frame: Frame): Sketch {
  const { sketch, from, to, bytes } = extending(frame, { lasts: [0.75 * hour, 4 * hour], steps: 3 });
  sketch.autoextend = { ...sketch.autoextend!, vgFree: 20 * sketch.data.size };
  noise(sketch, 0.01 * sketch.data.size);
  return sketch.writeUnevenly(from, to, bytes, { stretch: 5 * minute, by: 0.8 });
}

function extendedUntilOneStepDoesNotFit(frame: Frame): Sketch {
  const { chance } = frame;
  const { sketch, from, to, bytes } = extending(frame, {
    lasts: [1.5 * hour, 5 * hour],
    steps: chance.whole(1, 3),
  });
  noise(sketch, 0.01 * sketch.data.size);
  const lasts = 1.4 * (to - from);
  return sketch.writeUnevenly(from, from + lasts, 1.4 * bytes, { stretch: 5 * minute, by: 0.8 });
}

function plateau(frame: Frame): Sketch {
  const { chance } = frame;
  const sketch = pool(frame, 0.85, 0.97);
  return noise(sketch, sketch.distance * chance.between(0.2, 1.2), [minute, 2 * hour]);
}

/** Long enough to look like a fill to every window. */
function rampThatStops(frame: Frame, [shortest, longest]: readonly [number, number]): Sketch {
  const { chance, tier } = frame;
  for (;;) {
    const sketch = pool(frame, 0.4, 0.8);
    const bytes = sketch.distance * chance.between(0.4, 0.8);
    const lasts = chance.logBetween(shortest, longest);
    if (bytes / lasts > rates.high) continue;
    const from = chance.between(0.05, 0.25) * tier.duration;
    noise(sketch, sketch.distance * chance.between(0.01, 0.1));
    return sketch.writeUnevenly(from, from + lasts, bytes, { stretch: lasts / 20, by: 0.3 });
  }
}

function rampThatGoesOn(frame: Frame): Sketch {
  const { chance } = frame;
  for (;;) {
    const sketch = pool(frame, 0.4, 0.75);
    const first = sketch.distance * chance.between(0.4, 0.7);
    const rest = sketch.free - first;
    const [one, pause, other] = [
      chance.between(2, 4) * hour,
      chance.between(2, 4) * hour,
      chance.between(1.2, 3) * hour,
    ];
    if (Math.max(first / one, rest / other) > rates.high) continue;
    const again = hour + one + pause;
    sketch.onsets.push(hour, again);
    sketch.rescueAfter = chance.between(3, 12) * minute;
    sketch.writeUnevenly(hour, hour + one, first, { stretch: 10 * minute, by: 0.3 });
    return sketch.writeUnevenly(again, again + 1.3 * other, 1.3 * rest, { stretch: 10 * minute, by: 0.3 });
  }
}

/** Free space stays at a level that a rule compares with, and crosses it time and again. */
function hoversAt(frame: Frame, freeShare: number, swing: number): Sketch {
  const { chance, minimumFreePercent } = frame;
  const level = (1 - freeShare) / (1 - minimumFreePercent / 100);
  const sketch = pool(frame, level, level);
  return noise(sketch, sketch.data.size * swing * chance.between(0.5, 1), [5 * minute, 2 * hour]);
}

interface Backup {
  readonly at: number;
  readonly lasts: number;
  readonly bytes: number;
  readonly metadataBytes: number;
}

/** Snapshots are made, and while they are read every write to their origins takes a block. */
function startBackup(sketch: Sketch, { at, lasts, bytes, metadataBytes }: Backup): void {
  sketch.writeUnevenly(at, at + lasts, bytes, { stretch: 10 * minute, by: 0.5 });
  sketch.demand.metadata.add(at, at + 3 * minute, metadataBytes);
}

function nights({ tier }: Frame): number[] {
  return Array.from({ length: Math.floor(tier.duration / day) }, (_, night) => night * day + 3 * hour);
}

function nightlyBackup(frame: Frame): Sketch {
  const { chance } = frame;
  for (;;) {
    const sketch = pool(frame, 0.5, 0.85);
    const bytes = sketch.distance * chance.between(0.1, 0.7);
    const lasts = chance.between(0.5, 4) * hour;
    if ((2 * bytes) / lasts > rates.high) continue;
    const metadataBytes = sketch.metadata.size * chance.between(0.03, 0.25);
    for (const night of nights(frame)) {
      const at = night + chance.between(0, 20 * minute);
      startBackup(sketch, { at, lasts, bytes, metadataBytes });
      const back = at + lasts + chance.between(1, 20) * minute;
      sketch.write(back, back + 5 * minute, -bytes);
      sketch.demand.metadata.add(back, back + 5 * minute, -metadataBytes);
    }
    return noise(sketch, 0.1 * (sketch.distance - bytes));
  }
}

/** The snapshots are not removed: each night takes more, and one night takes the rest. */
function backupsLeft(frame: Frame): Sketch {
  const { chance } = frame;
  for (;;) {
    const sketch = pool(frame, 0.5, 0.8);
    const bytes = sketch.free / chance.between(3.2, 4.8);
    const lasts = chance.between(1.5, 4) * hour;
    if ((2 * bytes) / lasts > rates.high) continue;
    sketch.rescueAfter = chance.between(5, 20) * minute;
    const metadataBytes = sketch.metadata.size * chance.between(0.02, 0.05);
    for (const at of nights(frame)) {
      sketch.onsets.push(at);
      startBackup(sketch, { at, lasts, bytes, metadataBytes });
    }
    return sketch;
  }
}

/** A host whose exporter is configured to poll seldom. */
function polledSeldom(sketch: Sketch): Sketch {
  sketch.poll = sketch.chance.pick([30, 60]);
  return sketch;
}

/** What rules got wrong on histories that they were not made with: noise, repetition, levels, restarts. */
export const hardClasses: readonly HistoryClass[] = [
  { name: 'noisy leak to full', tier: 'days', count: 8, outcome: 'fills', draw: noisyLeakToFull },
  { name: 'noisy leak, room left', tier: 'days', count: 8, outcome: 'quiet', draw: noisyLeakWithRoom },
  {
    name: 'noisy leak below the minimum',
    tier: 'days',
    count: 6,
    outcome: 'crosses',
    minimumFrees: 'all',
    draw: noisyLeakBelowMinimumFree,
  },
  { name: 'sawtooth, room left', tier: 'hours', count: 8, outcome: 'quiet', draw: sawtoothWithRoom },
  {
    name: 'sawtooth that outgrows the pool',
    tier: 'hours',
    count: 8,
    outcome: 'fills',
    draw: sawtoothThatOutgrows,
  },
  { name: 'restarts at a high level', tier: 'hours', count: 8, outcome: 'quiet', draw: restartsAtHighLevel },
  { name: 'restarts while it fills', tier: 'hours', count: 8, outcome: 'fills', draw: restartsWhileFilling },
  { name: 'autoextend, uneven growth', tier: 'hours', count: 6, outcome: 'quiet', draw: extendedUnevenly },
  {
    name: 'autoextend, one step does not fit',
    tier: 'hours',
    count: 8,
    outcome: 'fills',
    draw: extendedUntilOneStepDoesNotFit,
  },
  { name: 'noisy plateau, hours', tier: 'hours', count: 8, outcome: 'quiet', draw: plateau },
  { name: 'noisy plateau, days', tier: 'days', count: 4, outcome: 'quiet', draw: plateau },
  {
    name: 'ramp that stops, hours',
    tier: 'hours',
    count: 6,
    outcome: 'quiet',
    draw: (frame) => rampThatStops(frame, [2 * hour, 9 * hour]),
  },
  {
    name: 'ramp that stops, days',
    tier: 'days',
    count: 4,
    outcome: 'quiet',
    draw: (frame) => rampThatStops(frame, [12 * hour, 3 * day]),
  },
  { name: 'ramp that stops and goes on', tier: 'hours', count: 8, outcome: 'fills', draw: rampThatGoesOn },
  {
    name: 'hovers at the warning level',
    tier: 'hours',
    count: 6,
    outcome: 'quiet',
    draw: (frame) => hoversAt(frame, 0.15, 0.04),
  },
  {
    name: 'hovers at the critical level',
    tier: 'hours',
    count: 6,
    outcome: 'quiet',
    minimumFrees: 'none',
    draw: (frame) => hoversAt(frame, 0.05, 0.03),
  },
  { name: 'nightly backup by snapshots', tier: 'days', count: 6, outcome: 'quiet', draw: nightlyBackup },
  { name: 'nightly backup, snapshots left', tier: 'days', count: 6, outcome: 'fills', draw: backupsLeft },
  {
    name: 'polled seldom, quiet',
    tier: 'hours',
    count: 6,
    outcome: 'quiet',
    draw: (frame) => {
      const sketch = pool(frame, 0.5, 0.9);
      return polledSeldom(churn(sketch, frame.chance.between(0.1, 0.4) * sketch.distance));
    },
  },
  {
    name: 'polled seldom, fill',
    tier: 'hours',
    count: 8,
    outcome: 'fills',
    draw: (frame) => polledSeldom(steadily(filling(frame, 15 * minute, 6 * hour))),
  },
];
