import type { ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Severity } from '../../src/model/finding.ts';
import { type Colour, range, words } from './colours.ts';
import { ofPool, ofPoolThe, perPool, type Scope, usedShare } from './promql.ts';

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

/** Ranks pools by their worst finding, then by how full they are. */
export function worstFirst(scope: Scope): string {
  const known = `0 * ${ofPool(scope, 'thinpool_up')}`;
  const rank = perPool(`${ranked((severity) => ofPool(scope, 'thinpool_finding', severity))} or ${known}`);
  const fuller = ofPoolThe('max', {
    data: usedShare(scope, 'data'),
    metadata: usedShare(scope, 'metadata'),
  });
  return `${rank} + clamp_max(${fuller}, 0.99) or ${rank}`;
}

/** Value mappings for `worstFirst`. */
export const worstWords: readonly ValueMapping[] = [
  range(0, 0.999, 'healthy', 'green'),
  ...severities.map((severity) =>
    range(ranks[severity], ranks[severity] + 0.999, severity, colours[severity]),
  ),
];
