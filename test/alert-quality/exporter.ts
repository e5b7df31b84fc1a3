import { findingMetrics } from '../../src/metrics/finding.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Metric } from '../../src/model/metric.ts';
import { secondMs } from '../../src/model/units.ts';
import type { History } from './history.ts';
import { hostAt } from './host.ts';
import { judge, noMemory } from './judgement.ts';

export type Labels = Readonly<Record<string, string>>;

/** A number of consecutive things, from this one on. */
type Stretch = readonly [from: number, count: number];

/** The polls of an exporter between its start and its end. Seconds. */
interface Life {
  readonly from: number;
  readonly to: number;
}

/** A series of thinpool_finding, and the polls in which it was there. */
export interface FindingSeries {
  readonly labels: Labels;
  readonly polls: readonly Stretch[];
}

/** What a simulated exporter polled and found over a history. */
export interface Exported {
  /** Times of the polls in seconds, ascending. */
  readonly polls: readonly number[];
  readonly findings: readonly FindingSeries[];
}

const findingMetric = findingMetrics.find(({ name }) => name === 'thinpool_finding') as Metric<
  readonly Finding[]
>;

/** When an exporter ran. A restart clears its memory, a gap does not concern it. */
export function livesOf({ disturbances, tier }: History): Life[] {
  const restarts = disturbances
    .filter(({ kind }) => kind === 'restart')
    .sort((one, other) => one.from - other.from);
  const starts = [Number.NEGATIVE_INFINITY, ...restarts.map(({ to }) => to)];
  const ends = [...restarts.map(({ from }) => from), tier.duration];
  return starts.map((from, index) => ({ from, to: ends[index]! })).filter(({ from, to }) => from < to);
}

/** Polls a history as the exporter would, and judges each poll by its own code. */
export function exportOf(history: History): Exported {
  const { tier, course, phase } = history;
  const usual = Math.max(tier.poll, course.step);
  const polls: number[] = [];
  const series = new Map<string, { labels: Labels; polls: (readonly [number, number])[] }>();
  for (const { from, to } of livesOf(history)) {
    let memory = noMemory;
    for (let at = Math.max(from, (phase.poll - 1) * usual); at < to; ) {
      const { findings, memory: after, intervalMs } = judge(hostAt(history, at, from), memory);
      memory = after;
      for (const { labels } of findingMetric.samples(findings)) {
        const key = JSON.stringify(labels);
        const one = series.get(key) ?? { labels: withoutEmpty(labels), polls: [] };
        series.set(key, one);
        extend(one.polls, polls.length);
      }
      polls.push(at);
      const soonest = intervalMs === undefined ? usual : Math.min(usual, intervalMs / secondMs);
      at += Math.max(course.step, soonest);
    }
  }
  return { polls, findings: [...series.values()] };
}

function extend(stretches: Stretch[], poll: number): void {
  const last = stretches.at(-1);
  if (last !== undefined && last[0] + last[1] === poll)
    stretches[stretches.length - 1] = [last[0], last[1] + 1];
  else stretches.push([poll, 1]);
}

/** Prometheus has no labels without a value. */
export function withoutEmpty(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
}
