import { classes, type HistoryClass } from './classes.ts';
import { type Course, type Plan, simulate } from './pool.ts';
import { chanceFrom, seedOf } from './random.ts';
import type { Disturbance, Sketch } from './scenario.ts';
import { tiers } from './tiers.ts';
import { type Truth, truthOf } from './truth.ts';

/** One pool, over hours or days, with what came of it. */
export interface History {
  readonly id: string;
  readonly of: HistoryClass;
  readonly plan: Plan;
  readonly course: Course;
  readonly truth: Truth;
  readonly disturbances: readonly Disturbance[];
  /** Age of scraped data when the rules are evaluated: poll, scrape and evaluation are not in step. */
  readonly lag: number;
}

/** Docker's default. */
const dockerMinimumFreePercent = 10;

export function historyOf(of: HistoryClass, index: number): History {
  const tier = tiers[of.tier];
  const id = `${of.name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}-${index + 1}`;
  const chance = chanceFrom(seedOf(id));
  const hasMinimumFree = of.minimumFrees === undefined ? index % 2 === 0 : of.minimumFrees === 'all';
  const minimumFreePercent = hasMinimumFree ? dockerMinimumFreePercent : 0;
  const lag = chance.between(0, tier.scrape);
  return played({ id, of, lag }, of.draw({ tier, chance, minimumFreePercent }));
}

/** Lets a sketch happen. */
export function played({ id, of, lag }: Pick<History, 'id' | 'of' | 'lag'>, sketch: Sketch): History {
  const plan = sketch.plan();
  const { onsets, disturbances } = sketch;
  const course = simulate(plan);
  return { id, of, lag, plan, course, truth: truthOf(course, plan.minimumFreePercent, onsets), disturbances };
}

export function allHistories(): History[] {
  return classes.flatMap((of) => Array.from({ length: of.count }, (_, index) => historyOf(of, index)));
}
