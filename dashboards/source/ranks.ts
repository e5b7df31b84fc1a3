import type { ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Severity } from '../../src/model/finding.ts';
import { resources } from '../../src/model/pool.ts';
import { thresholds } from '../../src/rules/thresholds.ts';
import { type Colour, range, words } from './colours.ts';
import { ofPool, perPool, type Scope, usedRatio } from './promql.ts';

/** Severities as numbers, so that tables can sort by them. */
const ranks = { critical: 3, warning: 2, info: 1 } as const satisfies Record<Severity, number>;
const colours = { critical: 'red', warning: 'orange', info: 'blue' } as const satisfies Record<
  Severity,
  Colour
>;
const severities = Object.keys(ranks) as Severity[];

/** A metric of findings, for the pools and for their hosts. */
export function ofFindings({ findings }: Scope, metric: string, more?: string): string {
  return findings
    .map((matchers) => `${metric}{${more === undefined ? matchers : `${matchers},${more}`}}`)
    .join(' or ');
}

/** Findings, with the rank of their severity as the value. */
export function ranked(finding: (severity: string) => string): string {
  return severities
    .map((severity) => `${ranks[severity]} * (${finding(`severity="${severity}"`)})`)
    .join(' or ');
}

export const rankWords: ValueMapping = words(
  Object.fromEntries(severities.map((severity) => [ranks[severity], [severity, colours[severity]]])),
);

/** The levels of a pool: as the exporter ranks them on its status page, in `check` and in its JSON answers. Notes do not count. */
const levels = {
  critical: [4, 'red'],
  warning: [3, 'orange'],
  unknown: [2, 'purple'],
  pending: [1, 'blue'],
  healthy: [0, 'green'],
} as const satisfies Record<string, readonly [number, Colour]>;

/** The share used decides only between equal times left. */
const tieBreak = 1e-10;

/**
 * Ranks pools as `src/rules/ranking.ts` does: by their worst finding, then by the time left to the nearest limit, then by the share
 * left of the resource that has less.
 */
export function worstFirst(scope: Scope): string {
  const up = ofPool(scope, 'thinpool_up');
  const rank = perPool([...aboveHealthy(scope), `0 * ${up}`].join(' or '));
  const timeLeft = ofPool(scope, 'thinpool_time_left_seconds');
  const near = perPool(`0.5 + 0.49 / (1 + ${timeLeft} / 3600) or 0 * ${up}`);
  return `${rank} + ${near} + ${tieBreak} * ${fuller(scope)}`;
}

/** The used share of the resource that has less left. A label keeps the series of the resources apart. */
function fuller(scope: Scope): string {
  const which = (resource: string, expr: string) => `label_replace(${expr}, "which", "${resource}", "", "")`;
  return perPool(
    [
      usedRatio(scope, 'data'),
      which('metadata', usedRatio(scope, 'metadata')),
      which('unknown', `(${unknownShares(scope)})`),
      `0 * ${ofPool(scope, 'thinpool_up')}`,
    ].join(' or '),
  );
}

function aboveHealthy(scope: Scope): readonly string[] {
  // Whether it matters that a pool is not active, a finding says.
  const known = [
    ofPool(scope, 'thinpool_data_size_bytes'),
    ofPool(scope, 'thinpool_mode'),
    `(${ofPool(scope, 'thinpool_presence', 'presence="inactive"')} == 1)`,
  ].map((what) => ` unless on (cluster, instance, pool) ${what}`);
  return [
    ...(['critical', 'warning'] as const).map(
      (severity) => `${levels[severity][0]} * ${ofPool(scope, 'thinpool_finding', `severity="${severity}"`)}`,
    ),
    `${levels.unknown[0]} + 0 * (${ofPool(scope, 'thinpool_up')}${known.join('')})`,
    `${levels.pending[0]} * ${ofPool(scope, 'thinpool_finding_pending', 'severity!="info"')}`,
  ];
}

/** What is not known counts as nothing left, but for a pool that is healthy or not active. */
function unknownShares(scope: Scope): string {
  const isActive = `${ofPool(scope, 'thinpool_presence', 'presence="active"')} == 1`;
  const filling = `${ofPool(scope, 'thinpool_time_left_seconds')} <= ${thresholds.hoursHorizon.value}`;
  const unknown = resources.map(
    (resource) =>
      `${isActive} unless on (cluster, instance, pool) ${ofPool(scope, `thinpool_${resource}_size_bytes`)}`,
  );
  return `(${unknown.join(' or ')}) and on (cluster, instance, pool) (${[...aboveHealthy(scope), filling].join(' or ')})`;
}

/** Value mappings for `worstFirst`. */
export const worstWords: readonly ValueMapping[] = Object.entries(levels).map(([word, [rank, colour]]) =>
  range(rank, rank + 0.999, word, colour),
);
