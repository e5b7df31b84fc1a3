import { formatDuration } from '../../src/format/duration.ts';
import type { Target } from '../../src/model/finding.ts';
import type { Resource } from '../../src/model/pool.ts';
import { daySeconds, minuteSeconds, secondMs } from '../../src/model/units.ts';
import { thresholds } from '../../src/rules/thresholds.ts';

/** The selection made by the variables of a dashboard, as label matchers. */
export interface Scope {
  /** For metrics of a pool. */
  readonly pool: string;
  /** For metrics of a host. */
  readonly host: string;
  /** For findings: any of these. Findings about the host of a pool have an empty pool label. */
  readonly findings: readonly string[];
}

/** Any number of hosts and pools. The values of these variables are regular expressions. */
export const many: Scope = {
  pool: 'cluster=~"$cluster",instance=~"$instance",pool=~"$pool"',
  host: 'cluster=~"$cluster",instance=~"$instance"',
  findings: ['cluster=~"$cluster",instance=~"$instance",pool=~"$pool|"'],
};

/** One pool. No regular expressions: Grafana does not escape a single value for them. */
export const one: Scope = {
  pool: 'cluster=~"$cluster",instance="$instance",pool="$pool"',
  host: 'cluster=~"$cluster",instance="$instance"',
  findings: [
    'cluster=~"$cluster",instance="$instance",pool="$pool"',
    'cluster=~"$cluster",instance="$instance",pool=""',
  ],
};

export function ofPool({ pool }: Scope, metric: string, more?: string): string {
  return `${metric}{${more === undefined ? pool : `${pool},${more}`}}`;
}

export function ofHost({ host }: Scope, metric: string, more?: string): string {
  return `${metric}{${more === undefined ? host : `${host},${more}`}}`;
}

/** One series per pool, whatever the job and the other labels. */
export function perPool(expr: string): string {
  return `max by (cluster, instance, pool) (${expr})`;
}

/**
 * Seconds since timestamps that an exporter gives, by its own clock: if that differs from the clock of Prometheus, the difference is
 * not age. The timestamps have the label `instance`.
 */
export function age(scope: Scope, timestamps: string): string {
  const clock = `max by (cluster, instance) (${ofHost(scope, 'thinpool_exporter_clock_timestamp_seconds')})`;
  return `${clock} - on (cluster, instance) group_right () ${timestamps}`;
}

/** What is exported only while it is not 0: where it is not, 0 for each series of another expression with the same labels. */
export function orZero(expr: string, where: string): string {
  return `${expr} or 0 * ${where}`;
}

/** Joins expressions into one set of series. A label distinguishes them. */
export function union(label: string, of: Readonly<Record<string, string>>): string {
  return Object.entries(of)
    .map(([value, expr]) => `label_replace(${expr}, "${label}", "${value}", "", "")`)
    .join(' or ');
}

/** Bytes per second as the exporter measures them at its own pace, whatever the scrape interval; negative while space is freed. */
export function growth(scope: Scope, resource: Resource): string {
  return perPool(ofPool(scope, 'thinpool_growth_bytes_per_second', `resource="${resource}"`));
}

/** Windows of the rules, with the distance of the points that are looked at in each. */
const windowSteps = { steadyWindow: '15s', fastWindow: '15s', hourWindow: '1m' } as const;
type Window = keyof typeof windowSteps;

/** Growth within a few seconds says nothing about minutes. */
const leastCovered = minuteSeconds;

/**
 * Bytes per second: usage now minus the lowest usage in the window, divided by the time between the first and the last sample in it.
 * Because it looks at used space, extending the pool does not hide growth.
 *
 * A window of five minutes covers up to a scrape interval less than five minutes, and how much less depends on when it is evaluated
 * and on the version of Prometheus: 3 leaves out a sample at its very beginning. Usage and time therefore come from the same points.
 */
function growthWithin(window: Window, used: string): string {
  const range = `[${formatDuration(thresholds[window].value * secondMs)}:${windowSteps[window]}]`;
  const grown = `clamp_min(${used} - min_over_time(${used}${range}), 0)`;
  const covered = `timestamp(${used}) - min_over_time(timestamp(${used})${range})`;
  return `${grown} / clamp_min(${covered}, ${leastCovered})`;
}

/** The faster growth over two windows: a long one shows growth in steps, a short one growth that has just begun. */
function fasterGrowth(labels: string, used: string): string {
  const over = (['fastWindow', 'hourWindow'] as const).map((window) => [window, growthWithin(window, used)]);
  return `max by (${labels}) (${union('which', Object.fromEntries(over))})`;
}

const volumeNames = 'known_as, kind, image, owner, name';

function withVolumeNames(scope: Scope, expr: string): string {
  const named = `max by (cluster, instance, pool, volume, ${volumeNames}) (${ofPool(scope, 'thinpool_volume_info')})`;
  return `${expr} * on (cluster, instance, pool, volume) group_left (${volumeNames}) ${named}`;
}

/** Growth of each volume, with the names of LVs, containers and images: by what it wrote lately, also if the pool has filled up since. */
export function volumeGrowth(scope: Scope): string {
  const mapped = ofPool(scope, 'thinpool_volume_mapped_bytes');
  return withVolumeNames(scope, fasterGrowth('cluster, instance, pool, volume', mapped));
}

/** Growth of each volume over two minutes; 0 in a full pool, where no volume can grow. */
export function presentVolumeGrowth(scope: Scope): string {
  const mapped = ofPool(scope, 'thinpool_volume_mapped_bytes');
  const growing = `max by (cluster, instance, pool, volume) (${growthWithin('steadyWindow', mapped)})`;
  const hasRoom = `(${perPool(ofPool(scope, 'thinpool_data_available_bytes'))} > bool 0)`;
  return withVolumeNames(scope, `${growing} * on (cluster, instance, pool) group_left () ${hasRoom}`);
}

export function floor(scope: Scope, resource: Resource): string {
  return perPool(ofPool(scope, 'thinpool_minimum_free_bytes', `resource="${resource}",origin!="lvm"`));
}

/** Longer times mean never, and this is easier to read than PromQL's Inf. */
export const longTime = 30 * daySeconds;
/** A logarithmic axis has no 0. */
export const leastTime = 1;

/** For an axis of times left: a limit that has been reached is at its lower end. */
export function onLogAxis(seconds: string): string {
  return `clamp_min(${seconds}, ${leastTime})`;
}

/** Seconds until the limit, as the exporter forecasts them; a long time while nothing grows, nothing while it is too early to say. */
export function timeLeft(scope: Scope, resource: Resource, target: Target): string {
  const forecast = ofPool(scope, 'thinpool_time_left_seconds', `resource="${resource}",target="${target}"`);
  const calm = `${longTime} + 0 * (${growth(scope, resource)} <= 0)`;
  const hasLimit = target === 'full' ? '' : ` and ${floor(scope, resource)}`;
  return `clamp_max(${perPool(forecast)}, ${longTime}) or (${calm})${hasLimit}`;
}

/** `timeLeft` of data or metadata, whichever is sooner. Only if neither grows, it is a long time. */
export function soonest(scope: Scope, target: Target): string {
  const forecast = ofPoolMin(ofPool(scope, 'thinpool_time_left_seconds', `target="${target}"`));
  const calm = `${longTime} + 0 * (${perPool(ofPool(scope, 'thinpool_growth_bytes_per_second'))} <= 0)`;
  const hasLimit =
    target === 'full' ? '' : ` and ${perPool(ofPool(scope, 'thinpool_minimum_free_bytes', 'origin!="lvm"'))}`;
  return `clamp_max(${forecast}, ${longTime}) or (${calm})${hasLimit}`;
}

function ofPoolMin(expr: string): string {
  return `min by (cluster, instance, pool) (${expr})`;
}

/** Seconds until data or metadata is full, as the exporter forecasts them: only of pools that fill up, so it is cheap for a fleet. */
export function forecastFull(scope: Scope): string {
  return ofPoolMin(ofPool(scope, 'thinpool_time_left_seconds', 'target="full"'));
}

export function usedShare(scope: Scope, resource: Resource): string {
  return perPool(usedRatio(scope, resource));
}

/** The same of each series, for what is grouped later. */
export function usedRatio(scope: Scope, resource: Resource): string {
  const used = ofPool(scope, `thinpool_${resource}_used_bytes`);
  return `${used} / ${ofPool(scope, `thinpool_${resource}_size_bytes`)}`;
}
