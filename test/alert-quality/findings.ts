import { type Resource, resources } from '../../src/model/pool.ts';
import type { Course, Plan } from './pool.ts';

/** A finding of the exporter over a history: 1 at each step at which it is reported. */
export interface FindingTrack {
  readonly code: string;
  readonly severity: 'critical' | 'warning';
  readonly resource: Resource;
  readonly reported: Uint8Array;
}

interface Row {
  readonly code: string;
  readonly severity: FindingTrack['severity'];
  readonly resource: Resource;
  /** How long it must hold before the exporter reports it. Seconds. */
  readonly after?: number;
  readonly holds: (index: number) => boolean;
}

const noSpaceTimeout = 60;

/** The findings of src/rules that follow from space and LVM's policy. */
export function findingsOf(plan: Plan, course: Course): FindingTrack[] {
  return rowsOf(plan, course)
    .map(({ holds, after = 0, ...row }) => ({ ...row, reported: reportedFrom(course, holds, after) }))
    .filter(({ reported }) => reported.includes(1));
}

function rowsOf({ minimumFreePercent, autoextend }: Plan, course: Course): Row[] {
  const { tracks, vgFree, step } = course;
  const share = (resource: Resource, index: number): number =>
    tracks[resource].used[index]! / tracks[resource].size[index]!;
  const isFull = (resource: Resource) => (index: number) => share(resource, index) >= 1;
  const isTimedOut = (index: number): boolean => {
    const before = index - Math.round(noSpaceTimeout / step);
    return before >= 0 && isFull('data')(before);
  };
  const rows: Row[] = [
    {
      code: 'metadata-full',
      severity: 'critical',
      resource: 'metadata',
      holds: isFull('metadata'),
    },
    {
      code: 'data-full-queueing',
      severity: 'critical',
      resource: 'data',
      holds: (index) => isFull('data')(index) && !isTimedOut(index),
    },
    {
      code: 'data-full-failing',
      severity: 'critical',
      resource: 'data',
      holds: (index) => isFull('data')(index) && isTimedOut(index),
    },
    {
      code: 'metadata-before-data',
      severity: 'warning',
      resource: 'metadata',
      holds: (index) => {
        const data = share('data', index);
        return data >= 0.1 && share('metadata', index) / data > 1;
      },
    },
  ];
  if (minimumFreePercent > 0)
    for (const resource of resources)
      rows.push({
        code: 'below-minimum-free',
        severity: 'critical',
        resource,
        holds: (index) => share(resource, index) > 1 - minimumFreePercent / 100,
      });
  if (autoextend !== undefined) {
    const { thresholdPercent, stepPercent } = autoextend;
    const isDue = (index: number): boolean => share('data', index) > thresholdPercent / 100;
    const isNear = (index: number): boolean => {
      const size = tracks.data.size[index]!;
      const left = size * (1 - minimumFreePercent / 100) - tracks.data.used[index]!;
      return left < 0.05 * size && left < 10 * 1024 ** 3;
    };
    const lacksRoom = (index: number): boolean =>
      vgFree[index]! < (tracks.data.size[index]! * stepPercent) / 100;
    const common = { code: 'autoextend-no-room', resource: 'data' } as const;
    rows.push(
      {
        ...common,
        severity: 'warning',
        holds: (index) => lacksRoom(index) && !(isDue(index) && isNear(index)),
      },
      {
        ...common,
        severity: 'critical',
        holds: (index) => lacksRoom(index) && isDue(index) && isNear(index),
      },
      {
        code: 'autoextend-overdue',
        severity: 'warning',
        resource: 'data',
        after: 120,
        holds: (index) => isDue(index) && !lacksRoom(index),
      },
    );
  }
  return rows;
}

function reportedFrom(
  { step, vgFree }: Course,
  holds: (index: number) => boolean,
  after: number,
): Uint8Array {
  let held = 0;
  return Uint8Array.from(vgFree, (_, index) => {
    held = holds(index) ? held + 1 : 0;
    return held > 0 && (held - 1) * step >= after ? 1 : 0;
  });
}
