import type { Resource } from '../../src/model/pool.ts';

/** What a dashboard's variables choose, as label matchers. */
export interface Scope {
  /** For metrics of a pool. */
  readonly pool: string;
  /** For metrics of a host. */
  readonly host: string;
  /** For findings, of a pool or of the host that it is on: those have an empty pool. Any of them. */
  readonly findings: readonly string[];
}

/** Any number of hosts and pools. The values of such variables are regular expressions. */
export const many: Scope = {
  pool: 'instance=~"$instance",pool=~"$pool"',
  host: 'instance=~"$instance"',
  findings: ['instance=~"$instance",pool=~"$pool|"'],
};

/** One pool. Grafana does not escape a single value for a regular expression, so there can be none. */
export const one: Scope = {
  pool: 'instance="$instance",pool="$pool"',
  host: 'instance="$instance"',
  findings: ['instance="$instance",pool="$pool"', 'instance="$instance",pool=""'],
};

export function ofPool({ pool }: Scope, metric: string, more?: string): string {
  return `${metric}{${more === undefined ? pool : `${pool},${more}`}}`;
}

export function ofHost({ host }: Scope, metric: string, more?: string): string {
  return `${metric}{${more === undefined ? host : `${host},${more}`}}`;
}

/** One series a pool, whichever job scraped it and whatever else the metric carries. */
export function perPool(expr: string): string {
  return `max by (instance, pool) (${expr})`;
}

/** Several expressions as one set of series; each is told from the others by the value of a label. */
export function union(label: string, of: Readonly<Record<string, string>>): string {
  return Object.entries(of)
    .map(([value, expr]) => `label_replace(${expr}, "${label}", "${value}", "", "")`)
    .join(' or ');
}

/** The smallest or the largest of several figures of a pool. */
export function ofPoolThe(extreme: 'min' | 'max', of: Readonly<Record<string, string>>): string {
  return `${extreme} by (instance, pool) (${union('which', of)})`;
}

/** A long window sees a fill in steps, a short one a fill that has just begun. */
const growthWindows = { '5m': 300, '1h': 3600 } as const;

/**
 * The faster growth over two windows, in bytes per second: used now less the least that was used in the window, over all
 * of it. As it looks at what is used, making the pool larger hides nothing.
 */
export function growth(scope: Scope, resource: Resource): string {
  const used = ofPool(scope, `thinpool_${resource}_used_bytes`);
  const over = Object.entries(growthWindows).map(([window, seconds]) => [
    window,
    `(${used} - min_over_time(${used}[${window}])) / ${seconds}`,
  ]);
  return ofPoolThe('max', Object.fromEntries(over));
}

const volumeNames = 'known_as, kind, image';

/** The same for volumes, with the names that people know. */
export function volumeGrowth(scope: Scope): string {
  const mapped = ofPool(scope, 'thinpool_volume_mapped_bytes');
  const over = Object.entries(growthWindows).map(([window, seconds]) => [
    window,
    `(${mapped} - min_over_time(${mapped}[${window}])) / ${seconds}`,
  ]);
  const growing = `max by (instance, pool, volume) (${union('which', Object.fromEntries(over))})`;
  const named = `max by (instance, pool, volume, ${volumeNames}) (${ofPool(scope, 'thinpool_volume_info')})`;
  return `${growing} * on (instance, pool, volume) group_left (${volumeNames}) ${named}`;
}

/** Space left: to the end, of a loop file's disk where that is nearer; or to the least that Docker leaves free. */
export function left(scope: Scope, resource: Resource, target: 'full' | 'floor'): string {
  if (target === 'full') return perPool(ofPool(scope, `thinpool_${resource}_available_bytes`));
  const free = perPool(ofPool(scope, `thinpool_${resource}_free_bytes`));
  return `clamp_min(${free} - ${floor(scope, resource)}, 0)`;
}

export function floor(scope: Scope, resource: Resource): string {
  return perPool(ofPool(scope, 'thinpool_minimum_free_bytes', `resource="${resource}"`));
}

export const day = 86_400;
/** Longer than this is as good as never, and PromQL's Inf would be no better to read. */
export const longTime = 30 * day;

/** Seconds until what is left of a resource is gone at the rate at which it grows. */
export function timeLeft(
  scope: Scope,
  resource: Resource,
  target: 'full' | 'floor',
  most: number = longTime,
): string {
  return `clamp_max(${left(scope, resource, target)} / clamp_min(${growth(scope, resource)}, 1), ${most})`;
}

/** The same for whichever of data and metadata is sooner. */
export function soonest(scope: Scope, target: 'full' | 'floor'): string {
  return ofPoolThe('min', {
    data: timeLeft(scope, 'data', target),
    metadata: timeLeft(scope, 'metadata', target),
  });
}

export function usedShare(scope: Scope, resource: Resource): string {
  const used = ofPool(scope, `thinpool_${resource}_used_bytes`);
  return perPool(`${used} / ${ofPool(scope, `thinpool_${resource}_size_bytes`)}`);
}
