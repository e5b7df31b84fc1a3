import { classes } from './classes.ts';
import { type Course, type Plan, type Policy, simulate } from './pool.ts';
import { chanceFrom, seedOf } from './random.ts';
import type { Disturbance, Sketch } from './scenario.ts';
import { type Tier, tiers } from './tiers.ts';
import { type Truth, truthOf } from './truth.ts';
import type { HistoryClass } from './writes.ts';

/** How poll, scrape and evaluation follow each other, as shares of their intervals: they keep no step. */
export interface Phase {
  /** When the exporter polls first. */
  readonly poll: number;
  /** How long after a scrape the rules are evaluated. */
  readonly evaluation: number;
}

/** One pool, over hours or days, with what came of it. */
export interface History {
  readonly id: string;
  /** The kind, a row of the report. */
  readonly of: Pick<HistoryClass, 'name'>;
  readonly tier: Tier;
  readonly course: Course;
  /** Absent if LVM does not extend the pool. */
  readonly policy?: Policy;
  readonly truth: Truth;
  readonly disturbances: readonly Disturbance[];
  readonly phase: Phase;
}

/** A history that was made here. */
export interface Played extends History {
  readonly of: HistoryClass;
  readonly plan: Plan;
}

/** Docker's default. */
const dockerMinimumFreePercent = 10;

export function historyOf(of: HistoryClass, index: number): Played {
  const tier = tiers[of.tier];
  const id = `${of.name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}-${index + 1}`;
  const chance = chanceFrom(seedOf(id));
  const hasMinimumFree = of.minimumFrees === undefined ? index % 2 === 0 : of.minimumFrees === 'all';
  const minimumFreePercent = hasMinimumFree ? dockerMinimumFreePercent : 0;
  const phase = {
    poll: chance.between(0, 1),
    evaluation: chanceFrom(seedOf(`${id} evaluation`)).between(0, 1),
  };
  return played({ id, of, phase }, of.draw({ tier, chance, minimumFreePercent }));
}

/** Lets a sketch happen. */
export function played({ id, of, phase }: Pick<Played, 'id' | 'of' | 'phase'>, sketch: Sketch): Played {
  const plan = sketch.plan();
  const { onsets, disturbances, poll } = sketch;
  const course = simulate(plan);
  return {
    id,
    of,
    phase,
    plan,
    tier: poll === undefined ? plan.tier : { ...plan.tier, poll },
    course,
    ...(plan.autoextend && { policy: plan.autoextend }),
    truth: truthOf(course, (at) => Math.max(0, ...onsets.filter((onset) => onset < at))),
    disturbances,
  };
}

export function allHistories(): Played[] {
  return classes.flatMap((of) => Array.from({ length: of.count }, (_, index) => historyOf(of, index)));
}
