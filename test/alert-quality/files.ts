import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { PoolMode } from '../../src/model/facts.ts';
import { type Resource, resources } from '../../src/model/pool.ts';
import type { History } from './history.ts';
import { BadHistory, type OpenMetrics, parseOpenMetrics, type Series } from './openmetrics.ts';
import type { Course, Policy, Track } from './pool.ts';
import { chanceFrom, seedOf } from './random.ts';
import type { Disturbance } from './scenario.ts';
import { scrapedEvery, type Tier } from './tiers.ts';
import { type Danger, leftBefore, truthOf } from './truth.ts';

export { BadHistory };

const extension = '.om';
const fewestSamples = 10;
const modes: readonly string[] = ['rw', 'ro', 'out_of_data_space'] satisfies PoolMode[];
/** Arbitrary: histories begin at 0, and a file has Unix times. */
const epoch = 1_700_000_000;

/** Every history in a directory, one per file. */
export function readHistories(dir: string): History[] {
  const files = readdirSync(dir).filter((file) => file.endsWith(extension));
  if (files.length === 0) throw new BadHistory(`${dir}: no file ends with ${extension}`);
  return files.sort().map((file) => {
    const full = path.join(dir, file);
    return readHistory(full, readFileSync(full, 'utf8'));
  });
}

/** One history from the metrics of one pool. `file` is named in errors. */
export function readHistory(file: string, text: string): History {
  const metrics = parseOpenMetrics(file, text);
  const fail = (message: string, line?: number): never => {
    throw new BadHistory(`${file}${line === undefined ? '' : `:${line}`}: ${message}`);
  };
  const only = (name: string, labels: Readonly<Record<string, string>> = {}): Series | undefined =>
    findSeries(metrics, name, labels)[0];
  const required = (name: string): Series => only(name) ?? fail(`no samples of ${name}`);

  const pools = new Map(
    metrics
      .filter(({ labels }) => labels['pool'] !== undefined)
      .map(({ labels, samples }) => [labels['pool'], samples[0]!.line]),
  );
  if (pools.size > 1) fail(`more than one pool: ${[...pools.keys()].join(', ')}`, [...pools.values()].at(-1));

  const { samples } = required('thinpool_data_used_bytes');
  if (samples.length < fewestSamples)
    fail(`${samples.length} samples of thinpool_data_used_bytes; at least ${fewestSamples} are needed`);
  const distances = samples.slice(1).map(({ at }, index) => at - samples[index]!.at);
  const step = Math.max(1, Math.round(distances.sort((one, other) => one - other)[distances.length >> 1]!));
  const start = samples[0]!.at - step;
  const count = Math.round((samples.at(-1)!.at - start) / step);
  const times = Array.from({ length: count }, (_, index) => start + (index + 1) * step);

  const trackOf = (resource: Resource): Track => {
    const used = required(`thinpool_${resource}_used_bytes`);
    const size = Float64Array.from(lastKnown(required(`thinpool_${resource}_size_bytes`), times));
    const track = { used: Float64Array.from(times, nearest(used, step)), size };
    const excess = used.samples.find(({ at, value }) => {
      const index = Math.round((at - start) / step) - 1;
      return value > (size[Math.min(count - 1, Math.max(0, index))] ?? 0);
    });
    if (excess !== undefined)
      fail(`thinpool_${resource}_used_bytes is greater than thinpool_${resource}_size_bytes`, excess.line);
    const minimum = minimumFreeOf(metrics, resource);
    return minimum === undefined
      ? track
      : { ...track, minimumFree: Float64Array.from(lastKnown(minimum, times)) };
  };
  const tracks = { data: trackOf('data'), metadata: trackOf('metadata') };
  const mode = modesOf(metrics, times, fail);
  const vgFree = only('thinpool_vg_free_bytes');
  const policy = vgFree && policyOf(only);
  const course: Course = {
    step,
    tracks,
    vgFree: vgFree === undefined ? new Float64Array(count) : Float64Array.from(lastKnown(vgFree, times)),
    ...(mode && { mode }),
    extended: { data: extensionsOf(tracks.data, step), metadata: extensionsOf(tracks.metadata, step) },
  };

  const id = path.basename(file, extension);
  const tier: Tier = {
    name: `sampled every ${step} s`,
    step,
    poll: step,
    finest: Math.max(5, step),
    duration: count * step,
  };
  return {
    id,
    of: { name: id.replace(/-\d+$/, '') },
    tier,
    course,
    ...(policy && { policy }),
    truth: truthOf(course, (at, resource, kind) => onsetIn(course, at, resource, kind)),
    disturbances: disturbancesOf(samples, only('up'), step, start),
    // Each poll sees a sample when it was made.
    phase: { poll: 1, evaluation: chanceFrom(seedOf(id)).between(0, 1) },
  };
}

function findSeries(
  metrics: OpenMetrics,
  name: string,
  labels: Readonly<Record<string, string>>,
): readonly Series[] {
  return metrics.filter(
    (series) =>
      series.name === name &&
      Object.entries(labels).every(([label, value]) => series.labels[label] === value),
  );
}

/** The value at or before each time; before the first sample, the first. */
function lastKnown({ samples }: Series, times: readonly number[]): number[] {
  let index = 0;
  return times.map((time) => {
    while (index + 1 < samples.length && samples[index + 1]!.at <= time) index += 1;
    return samples[index]!.value;
  });
}

/** The sample next to a time. Where samples are missing, the exporter is taken to have seen a straight line. */
function nearest({ samples }: Series, step: number): (time: number) => number {
  let index = 0;
  return (time) => {
    while (index + 1 < samples.length && samples[index + 1]!.at <= time) index += 1;
    const before = samples[index]!;
    const after = samples[index + 1] ?? before;
    if (time - before.at <= step / 2) return before.value;
    if (after.at - time <= step / 2) return after.value;
    return before.value + ((after.value - before.value) * (time - before.at)) / (after.at - before.at);
  };
}

/** As in the exporter: that of LVM does not count, and one from an option only where nothing enforces another. */
function minimumFreeOf(metrics: OpenMetrics, resource: Resource): Series | undefined {
  const minimums = findSeries(metrics, 'thinpool_minimum_free_bytes', { resource }).filter(
    ({ labels }) => labels['origin'] !== 'lvm',
  );
  return minimums.find(({ labels }) => labels['origin'] !== 'option') ?? minimums[0];
}

function modesOf(
  metrics: OpenMetrics,
  times: readonly number[],
  fail: (message: string, line?: number) => never,
): PoolMode[] | undefined {
  const all = findSeries(metrics, 'thinpool_mode', {});
  if (all.length === 0) return undefined;
  const known = all.map((series) => {
    const mode = series.labels['mode'] ?? '';
    const first = series.samples.find(({ value }) => value === 1);
    if (first !== undefined && !modes.includes(mode))
      fail(`mode ${mode}: only ${modes.join(', ')} can be evaluated`, first.line);
    return { mode: mode as PoolMode, values: lastKnown(series, times) };
  });
  return times.map((_, index) => known.find(({ values }) => values[index] === 1)?.mode ?? 'rw');
}

function policyOf(only: (name: string) => Series | undefined): Policy | undefined {
  const first = (name: string): number | undefined => only(name)?.samples[0]?.value;
  const threshold = first('thinpool_lvm_autoextend_threshold_ratio');
  const stepRatio = first('thinpool_lvm_autoextend_step_ratio');
  const isMonitored = first('thinpool_lvm_monitored') !== 0;
  if (threshold === undefined || stepRatio === undefined || threshold >= 1 || !isMonitored) return undefined;
  return { thresholdPercent: 100 * threshold, stepPercent: 100 * stepRatio };
}

function extensionsOf({ size }: Track, step: number): number[] {
  return [...size].flatMap((bytes, index) =>
    index > 0 && bytes > size[index - 1]! ? [(index + 1) * step] : [],
  );
}

/** Restarts, where Prometheus says that the exporter was down; gaps, where nothing is known. */
function disturbancesOf(
  samples: Series['samples'],
  up: Series | undefined,
  step: number,
  start: number,
): Disturbance[] {
  const found: Disturbance[] = [];
  for (const [index, { at, value }] of (up?.samples ?? []).entries()) {
    const before = up?.samples[index - 1];
    if (value === 0 && before?.value !== 0) {
      const back = up?.samples.slice(index).find((sample) => sample.value !== 0)?.at ?? samples.at(-1)!.at;
      found.push({ kind: 'restart', from: at - start, to: back - start });
    }
  }
  for (const [index, { at }] of samples.entries()) {
    const next = samples[index + 1]?.at ?? at;
    const [from, to] = [at - start + step / 2, next - start];
    const isDown = found.some((one) => one.from < to && one.to > from);
    if (next - at > 1.5 * step && !isDown) found.push({ kind: 'gap', from, to });
  }
  return found;
}

const onsetWindow = 24 * 3600;
const onsetShare = 0.9;

/** The last time, within a day, at which nine tenths were left of what had been left at most. */
function onsetIn({ step, tracks }: Course, at: number, resource: Resource, kind: Danger['kind']): number {
  const end = Math.round(at / step) - 1;
  const begin = Math.max(0, end - Math.round(onsetWindow / step));
  let most = 0;
  for (let index = begin; index < end; index += 1)
    most = Math.max(most, leftBefore(kind, tracks[resource], index));
  for (let index = end; index > begin; index -= 1)
    if (leftBefore(kind, tracks[resource], index) >= onsetShare * most) return (index + 1) * step;
  return begin * step;
}

/** A history in the format of these files, sampled at this interval, or at its own step where that is coarser. */
export function writeHistory(history: History, interval: number): string {
  const { course, tier, policy, disturbances } = history;
  const every = Math.max(course.step, Math.min(interval, scrapedEvery(tier, interval)));
  const each = Math.max(1, Math.round(every / course.step));
  const indexes = Array.from(
    { length: Math.floor(course.vgFree.length / each) },
    (_, index) => (index + 1) * each - 1,
  );
  const hitAt = (index: number): Disturbance['kind'] | undefined =>
    disturbances.find(({ from, to }) => timeOf(index) >= from && timeOf(index) < to)?.kind;
  const timeOf = (index: number): number => (index + 1) * course.step;
  const lines: string[] = [];
  const family = (
    name: string,
    rows: readonly (readonly [labels: string, at: (index: number) => number | undefined])[],
  ): void => {
    lines.push(`# TYPE ${name} gauge`);
    for (const [labels, at] of rows)
      for (const index of indexes) {
        const value = at(index);
        if (value !== undefined) lines.push(`${name}{${labels}} ${value} ${epoch + timeOf(index)}`);
      }
  };
  const shown = (at: (index: number) => number) => (index: number) =>
    hitAt(index) === undefined ? at(index) : undefined;
  const pool = 'pool="vg-pool"';
  for (const resource of resources) {
    const { used, size } = course.tracks[resource];
    family(`thinpool_${resource}_used_bytes`, [[pool, shown((index) => used[index]!)]]);
    family(`thinpool_${resource}_size_bytes`, [[pool, shown((index) => size[index]!)]]);
  }
  const minimums = resources.flatMap((resource) => {
    const { minimumFree } = course.tracks[resource];
    const origin = resource === 'data' ? 'docker' : 'derived';
    return minimumFree === undefined
      ? []
      : [
          [
            `${pool},resource="${resource}",origin="${origin}"`,
            shown((index) => minimumFree[index]!),
          ] as const,
        ];
  });
  if (minimums.length > 0) family('thinpool_minimum_free_bytes', minimums);
  if (policy !== undefined) {
    family('thinpool_vg_free_bytes', [['vg="vg"', shown((index) => course.vgFree[index]!)]]);
    family('thinpool_lvm_monitored', [[pool, shown(() => 1)]]);
    family('thinpool_lvm_autoextend_threshold_ratio', [[pool, shown(() => policy.thresholdPercent / 100)]]);
    family('thinpool_lvm_autoextend_step_ratio', [[pool, shown(() => policy.stepPercent / 100)]]);
  }
  const isUp = (index: number): number | undefined =>
    hitAt(index) === 'gap' ? undefined : Number(hitAt(index) !== 'restart');
  family('up', [['job="thinpool-exporter"', isUp]]);
  return `${lines.join('\n')}\n# EOF\n`;
}
