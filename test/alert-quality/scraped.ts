import { catalogue } from '../../src/metrics/catalogue.ts';
import { type Exported, type Labels, livesOf, withoutEmpty } from './exporter.ts';
import type { History } from './history.ts';
import { hostAt } from './host.ts';
import { evaluatedEvery, scrapedEvery } from './tiers.ts';

/** What Prometheus holds at one of its scrapes: a value, its mark that a series ended, or nothing. */
export type Sample = number | 'stale' | undefined;

export interface Scraped {
  readonly name: string;
  readonly labels: Labels;
  readonly samples: readonly Sample[];
}

/** A scrape: not made, or made while the exporter was down, or with what a poll had found. */
type Visit = 'missed' | 'failed' | number;

const hostMetrics = catalogue.flatMap(({ metrics }) => metrics);

/** A history as Prometheus has it with this scrape interval, of the given metrics only. */
export function scrape(
  history: History,
  exported: Exported,
  metrics: ReadonlySet<string>,
  interval: number,
): Scraped[] {
  const target = { instance: history.id, job: 'thinpool-exporter' };
  const visits = visitsOf(history, exported, interval);
  const rows = new Map<string, { name: string; labels: Labels; samples: Sample[] }>();
  const note = (name: string, labels: Labels, visit: number, value: number): void => {
    const key = `${name} ${Object.values(labels).join(' ')}`;
    let row = rows.get(key);
    if (row === undefined) {
      row = { name, labels: withoutEmpty(labels), samples: visits.map(unseen) };
      rows.set(key, row);
    }
    row.samples[visit] = value;
  };

  const wanted = hostMetrics.filter(({ name }) => metrics.has(name));
  const starts = livesOf(history).map(({ from }) => from);
  for (const [number, visit] of visits.entries()) {
    if (typeof visit !== 'number' || wanted.length === 0) continue;
    const at = exported.polls[visit]!;
    const host = hostAt(history, at, starts.findLast((from) => from <= at)!);
    for (const metric of wanted)
      for (const { labels, value } of metric.samples(host)) note(metric.name, labels, number, value);
  }
  if (metrics.has('thinpool_finding'))
    for (const { labels, polls } of exported.findings) {
      let stretch = 0;
      for (const [number, visit] of visits.entries()) {
        if (typeof visit !== 'number') continue;
        while (stretch < polls.length && polls[stretch]![0] + polls[stretch]![1] <= visit) stretch += 1;
        if (stretch < polls.length && polls[stretch]![0] <= visit)
          note('thinpool_finding', labels, number, 1);
      }
    }

  const series = [...rows.values()].map(({ name, labels, samples }) => ({
    name,
    labels: { ...target, ...labels },
    samples: markEnds(samples),
  }));
  if (!metrics.has('up')) return series;
  const up = visits.map((visit) => (visit === 'missed' ? undefined : Number(visit !== 'failed')));
  return [...series, { name: 'up', labels: target, samples: up }];
}

const unseen = (visit: Visit): Sample => (visit === 'missed' ? undefined : 'stale');

/**
 * promtool has samples and evaluations at the same instants. In production the rules look a while after the scrape, so a
 * sample shows what was scraped that much earlier.
 */
function visitsOf(history: History, { polls }: Exported, interval: number): Visit[] {
  const { tier, phase, disturbances } = history;
  const every = scrapedEvery(tier, interval);
  const lag = phase.evaluation * evaluatedEvery(tier);
  let poll = 0;
  return Array.from({ length: Math.ceil(tier.duration / every) }, (_, visit): Visit => {
    const at = visit * every - lag;
    while (poll + 1 < polls.length && polls[poll + 1]! <= at) poll += 1;
    const hit = disturbances.filter(({ from, to }) => at >= from && at < to);
    if (hit.some(({ kind }) => kind === 'gap')) return 'missed';
    return hit.length > 0 ? 'failed' : poll;
  });
}

/** Prometheus marks the end of a series once, and only of one that there was. */
function markEnds(samples: readonly Sample[]): Sample[] {
  let isLive = false;
  return samples.map((sample) => {
    if (sample === undefined) return undefined;
    const wasLive = isLive;
    isLive = sample !== 'stale';
    return isLive || wasLive ? sample : undefined;
  });
}
