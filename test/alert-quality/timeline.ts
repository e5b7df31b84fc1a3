import { formatBytes } from '../../src/format/bytes.ts';
import { type Resource, resources } from '../../src/model/pool.ts';
import type { History } from './history.ts';
import type { Firing } from './promtool.ts';

interface Moment {
  readonly at: number;
  readonly message: string;
}

/** One history in words: what happened to the pool, and when it was paged. */
export function timeline(history: History, firings: readonly Firing[]): string {
  const { id, tier, course, truth, disturbances } = history;
  const alert = ({
    labels: { alertname, instance: _, job: __, pool: ___, severity, page, ...others },
  }: Firing) => [alertname, ...Object.values(others)].join(' ');
  const moments: Moment[] = [
    ...truth.dangers.flatMap(({ kind, resource, at, onset }) => [
      { at: onset, message: `  the writing begins that leads ${resource} to ${kind}` },
      { at, message: `# ${resource} ${kind === 'full' ? 'FULL' : 'BELOW ITS MINIMUM'}` },
    ]),
    ...resources.flatMap((resource) =>
      course.extended[resource].map((at) => ({ at, message: `  ${resource} extended` })),
    ),
    ...disturbances.map(({ kind, from, to }) => ({
      at: from,
      message: `  ${kind} of ${Math.round(to - from)} s`,
    })),
    ...firings.flatMap((firing) => [
      { at: firing.from, message: `> PAGE ${alert(firing)}` },
      { at: firing.to, message: `< resolved ${alert(firing)}` },
    ]),
    ...Array.from({ length: 13 }, (_, index) => ({ at: (index * tier.duration) / 12, message: '  .' })),
  ];
  const lines = moments
    .sort((one, other) => one.at - other.at)
    .map(({ at, message }) => `${clock(at).padStart(12)}  ${space(history, at)}  ${message}`);
  return [
    `${id}: ${resources.map((resource) => describeStart(resource, history)).join(', ')}`,
    ...lines,
  ].join('\n');
}

function describeStart(resource: Resource, { course: { tracks } }: History): string {
  const { size, minimumFree } = tracks[resource];
  const minimum = minimumFree === undefined ? '' : ` (minimum free ${formatBytes(minimumFree[0]!)})`;
  return `${resource} ${formatBytes(size[0]!)}${minimum}`;
}

function space({ course: { tracks, step } }: History, at: number): string {
  const index = Math.min(tracks.data.used.length - 1, Math.max(0, Math.floor(at / step) - 1));
  return resources
    .map((resource) => {
      const { used, size } = tracks[resource];
      const percent = ((100 * used[index]!) / size[index]!).toFixed(2).padStart(6);
      return `${resource} ${percent}% ${formatBytes(size[index]! - used[index]!).padStart(8)} free`;
    })
    .join('  ');
}

function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  return `${hours}:${String(minutes).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}
