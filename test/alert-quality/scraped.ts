import { exports_, type Labels } from './exported.ts';
import type { History } from './history.ts';

/** What Prometheus holds at one of its scrapes: a value, its mark that a series ended, or nothing. */
export type Sample = number | 'stale' | undefined;

export interface Scraped {
  readonly name: string;
  readonly labels: Labels;
  readonly samples: readonly Sample[];
}

type Visit = 'answered' | 'failed' | 'missed';

/** A history as Prometheus has it, of the requested metrics only. */
export function scrape(history: History, metrics: ReadonlySet<string>): Scraped[] {
  const { plan, lag, id } = history;
  const { scrape: every, duration, step } = plan.tier;
  const target = { instance: id, job: 'thinpool-exporter' };
  const visits = Array.from({ length: Math.floor(duration / every) }, (_, visit) =>
    visitAt(history, visit * every),
  );
  const last = plan.demand.data.steps.length - 1;
  const indexAt = (visit: number): number =>
    Math.min(last, Math.max(0, Math.floor((visit * every - lag) / step) - 1));

  const series = Object.entries(exports_)
    .filter(([name]) => metrics.has(name))
    .flatMap(([name, of]) => of(history).map((exported) => ({ name, ...exported })))
    .map(({ name, labels, at }) => {
      const shown = visits.map((visit, number): Sample => {
        if (visit === 'missed') return undefined;
        return (visit === 'answered' ? at(indexAt(number)) : undefined) ?? 'stale';
      });
      return { name, labels: { ...target, ...labels }, samples: markEnds(shown) };
    });
  if (!metrics.has('up')) return series;
  const up = visits.map((visit) => (visit === 'missed' ? undefined : Number(visit === 'answered')));
  return [...series, { name: 'up', labels: target, samples: up }];
}

function visitAt({ disturbances, lag }: History, at: number): Visit {
  const hit = disturbances.find(({ from, to }) => at - lag >= from && at - lag < to);
  return hit === undefined ? 'answered' : hit.kind === 'gap' ? 'missed' : 'failed';
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
