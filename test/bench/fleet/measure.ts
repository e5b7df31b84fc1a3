import { setTimeout as pause } from 'node:timers/promises';
import { hourSeconds, secondMs } from '../../../src/model/units.ts';
import { shownPanels } from '../../artifacts/dashboards/dashboard.ts';
import { shipped } from '../../artifacts/dashboards/shipped.ts';
import { substitute } from '../../artifacts/dashboards/substitute.ts';
import { type Load, readLoad } from '../../support/load.ts';
import type { Started } from './engines.ts';
import type { Pace } from './rules.ts';

/** A rule group: the longest of its evaluations, in seconds. */
export interface GroupCost extends Pace {
  readonly worst: number;
}

export interface PanelCost {
  readonly title: string;
  /** Seconds until all its queries were answered. */
  readonly longest: number;
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

/** Watches an engine for some seconds. */
export async function watchServer(
  server: Started,
  seconds: number,
  paces: readonly Pace[],
): Promise<{ readonly server: ServerCost; readonly groups: readonly GroupCost[] }> {
  const durations = new Map<string, Map<number, number>>(paces.map(({ name }) => [name, new Map()]));
  const before = await server.read();
  const loadBefore = loadOf(server.pids);
  const startedAt = performance.now();
  let own = before;
  let passed = 0;
  while (passed < seconds) {
    await pause(2 * secondMs);
    own = await server.read();
    for (const [group, { at, seconds }] of own.evaluations) durations.get(group)?.set(at, seconds);
    passed = (performance.now() - startedAt) / secondMs;
  }
  const load = loadOf(server.pids);
  return {
    server: {
      series: own.series,
      samples: (own.samples - before.samples) / passed,
      residentBytes: load.residentBytes,
      cpu: (load.ownSeconds - loadBefore.ownSeconds) / passed,
      missed: own.missed - before.missed,
    },
    groups: paces.map((pace) => {
      return { ...pace, worst: Math.max(0, ...(durations.get(pace.name)?.values() ?? [])) };
    }),
  };
}

/** Of all programs of an engine together. */
function loadOf(pids: readonly number[]): Pick<Load, 'ownSeconds' | 'residentBytes'> {
  const loads = pids.map(readLoad);
  return {
    ownSeconds: loads.reduce((sum, { ownSeconds }) => sum + ownSeconds, 0),
    residentBytes: loads.reduce((sum, { residentBytes }) => sum + residentBytes, 0),
  };
}

/** Times that each panel is queried. */
export const repeats = 7;
/** The time range of the board, and the width of its panels. */
export const rangeSeconds = 3 * hourSeconds;
const points = 300;

/** Every panel of the fleet board, with all hosts chosen, as Grafana queries it. */
export async function measurePanels(server: Started): Promise<readonly PanelCost[]> {
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
    costs.push({ title: panel.title ?? '', longest: Math.max(...times) });
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
