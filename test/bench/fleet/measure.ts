import { setTimeout as pause } from 'node:timers/promises';
import { hourSeconds, secondMs } from '../../../src/model/units.ts';
import { shownPanels } from '../../artifacts/dashboards/dashboard.ts';
import type { Running } from '../../artifacts/dashboards/prometheus.ts';
import { shipped } from '../../artifacts/dashboards/shipped.ts';
import { substitute } from '../../artifacts/dashboards/substitute.ts';
import { readLoad } from '../../support/load.ts';

/** A rule group: the longest and the median of its evaluations, in seconds. */
export interface GroupCost {
  readonly name: string;
  readonly interval: number;
  readonly rules: number;
  readonly median: number;
  readonly worst: number;
}

export interface PanelCost {
  readonly title: string;
  /** Seconds, of all its queries together. */
  readonly p95: number;
}

export interface ServerCost {
  readonly series: number;
  /** Samples a second. */
  readonly samples: number;
  readonly residentBytes: number;
  /** Share of a core. */
  readonly cpu: number;
  readonly missed: number;
}

/** Watches a Prometheus for some seconds. */
export async function watchServer(
  server: Running,
  seconds: number,
): Promise<{ readonly server: ServerCost; readonly groups: readonly GroupCost[] }> {
  const durations = new Map<string, Map<string, number>>();
  const before = await readOwn(server.url);
  const loadBefore = readLoad(server.pid);
  const startedAt = performance.now();
  let own = before;
  while (performance.now() - startedAt < seconds * secondMs) {
    await pause(2 * secondMs);
    own = await readOwn(server.url);
    for (const [group, duration] of own.of('prometheus_rule_group_last_duration_seconds')) {
      const evaluations = durations.get(group) ?? new Map<string, number>();
      const at = own.of('prometheus_rule_group_last_evaluation_timestamp_seconds').get(group) ?? 0;
      if (at > 0) evaluations.set(String(at), duration);
      durations.set(group, evaluations);
    }
  }
  const passed = (performance.now() - startedAt) / secondMs;
  const load = readLoad(server.pid);
  const sum = (values: Iterable<number>) => [...values].reduce((all, value) => all + value, 0);
  const grown = (name: string) => sum(own.of(name).values()) - sum(before.of(name).values());
  const intervals = own.of('prometheus_rule_group_interval_seconds');
  const rules = own.of('prometheus_rule_group_rules');
  return {
    server: {
      series: sum(own.of('prometheus_tsdb_head_series').values()),
      samples: grown('prometheus_tsdb_head_samples_appended_total') / passed,
      residentBytes: load.residentBytes,
      cpu: (load.ownSeconds - loadBefore.ownSeconds) / passed,
      missed: grown('prometheus_rule_group_iterations_missed_total'),
    },
    groups: [...durations].map(([group, evaluations]) => {
      const sorted = [...evaluations.values()].toSorted((one, other) => one - other);
      return {
        name: group.replace(/^.*;/, ''),
        interval: intervals.get(group) ?? 0,
        rules: rules.get(group) ?? 0,
        median: sorted[Math.floor(sorted.length / 2)] ?? 0,
        worst: sorted.at(-1) ?? 0,
      };
    }),
  };
}

interface Own {
  /** By the label rule_group, or else by nothing. */
  readonly of: (name: string) => ReadonlyMap<string, number>;
}

async function readOwn(url: string): Promise<Own> {
  const page = await (await fetch(`${url}/metrics`)).text();
  return {
    of: (name) =>
      new Map(
        [...page.matchAll(new RegExp(`^${name}(?:\\{(?<labels>.*)\\})? (?<value>\\S+)$`, 'gm'))].map(
          ({ groups }) => [
            /rule_group="([^"]*)"/.exec(groups?.['labels'] ?? '')?.[1] ?? groups?.['labels'] ?? '',
            Number(groups?.['value']),
          ],
        ),
      ),
  };
}

const repeats = 10;
/** The time range of the board, and the width of its panels. */
export const rangeSeconds = 3 * hourSeconds;
const points = 300;

/** Every panel of the fleet board, with all hosts chosen, as Grafana queries it. */
export async function measurePanels(server: Running): Promise<readonly PanelCost[]> {
  const board = shipped('thinpool-fleet');
  const chosen = Object.fromEntries(
    board.templating.list.filter(({ type }) => type === 'query').map(({ name }) => [name, 'all'] as const),
  );
  const costs: PanelCost[] = [];
  for (const panel of shownPanels(board)) {
    const least = parseSeconds((panel as { readonly interval?: string }).interval);
    const step = Math.max(least, Math.ceil(rangeSeconds / points));
    const times: number[] = [];
    for (let turn = 0; turn < repeats; turn += 1) {
      const startedAt = performance.now();
      const now = Date.now() / secondMs;
      await Promise.all(
        (panel.targets ?? []).map((target) => {
          const expr = substitute(target.expr, board, chosen);
          return target.instant === true
            ? server.now(expr, now)
            : server.over(expr, now - rangeSeconds, now, step);
        }),
      );
      times.push((performance.now() - startedAt) / secondMs);
    }
    const p95 = times.toSorted((one, other) => one - other)[Math.ceil(0.95 * repeats) - 1] ?? 0;
    costs.push({ title: panel.title ?? '', p95 });
  }
  return costs;
}

/** The metrics that panels over time read. */
export function shownOverTime(): readonly string[] {
  const over = shownPanels(shipped('thinpool-fleet')).flatMap(({ targets = [] }) =>
    targets.filter(({ instant }) => instant !== true),
  );
  return [
    ...new Set(over.flatMap(({ expr }) => [...expr.matchAll(/\bthinpool_\w+(?=\{)/g)].map(([name]) => name))),
  ];
}

function parseSeconds(text = '0s'): number {
  const { amount = '0', unit = 's' } = /^(?<amount>\d+)(?<unit>[sm])$/.exec(text)?.groups ?? {};
  return Number(amount) * (unit === 'm' ? 60 : 1);
}
