import type { PoolMode } from '../../src/model/facts.ts';
import { type Resource, resources } from '../../src/model/pool.ts';
import type { Demand } from './demand.ts';
import type { Tier } from './tiers.ts';

export interface Start {
  readonly size: number;
  readonly used: number;
}

/** When LVM extends the pool, and by how much of its size. */
export interface Policy {
  readonly thresholdPercent: number;
  readonly stepPercent: number;
}

/** LVM's policy, as dmeventd carries it out, and what the VG can give. */
export interface Autoextend extends Policy {
  readonly vgFree: number;
}

/** An operator extends the pool. */
export interface Extension {
  readonly at: number;
  readonly resource: Resource;
  readonly bytes: number;
}

/** Everything that decides how a pool fares. */
export interface Plan {
  readonly tier: Tier;
  readonly data: Start;
  readonly metadata: Start;
  readonly demand: Readonly<Record<Resource, Demand>>;
  /** Docker's minimum free space, of data and of metadata; 0 is none. */
  readonly minimumFreePercent: number;
  readonly autoextend?: Autoextend;
  readonly extensions: readonly Extension[];
  /** How long after the pool is full an operator extends it and ends what filled it; undefined if that never happens. */
  readonly rescueAfter?: number;
}

/** In bytes. */
export interface Track {
  readonly used: Float64Array;
  readonly size: Float64Array;
  /** Absent if there is no minimum. */
  readonly minimumFree?: Float64Array;
}

/** How a pool fared, at the end of each step. */
export interface Course {
  readonly step: number;
  readonly tracks: Readonly<Record<Resource, Track>>;
  readonly vgFree: Float64Array;
  /** Where the mode is not what follows from the space. */
  readonly mode?: readonly PoolMode[];
  /** When each resource was extended. Seconds. */
  readonly extended: Readonly<Record<Resource, readonly number[]>>;
}

const extent = 4 * 1024 ** 2;
/** dmeventd polls every 10 s, and lvextend takes a moment. */
const dmeventdDelay = 12;

export function simulate(plan: Plan): Course {
  const { step } = plan.tier;
  const count = plan.demand.data.steps.length;
  const state = { data: { ...plan.data }, metadata: { ...plan.metadata } };
  const track = () => ({ used: new Float64Array(count), size: new Float64Array(count) });
  const tracks = { data: track(), metadata: track() };
  const extended: Record<Resource, number[]> = { data: [], metadata: [] };
  const vgFrees = new Float64Array(count);
  let vgFree = plan.autoextend?.vgFree ?? 0;
  const passedAt: Record<Resource, number | undefined> = { data: undefined, metadata: undefined };
  let fullAt: number | undefined;
  let isRescued = false;

  const extend = (resource: Resource, bytes: number, at: number): void => {
    state[resource].size += bytes;
    extended[resource].push(at);
  };

  for (let index = 0; index < count; index += 1) {
    const now = (index + 1) * step;
    for (const { at, resource, bytes } of plan.extensions)
      if (at > now - step && at <= now) extend(resource, bytes, now);

    for (const resource of resources) {
      const pool = state[resource];
      const wanted = plan.demand[resource].steps[index]!;
      // What filled the pool has been ended together with the rescue; only what gives space back goes on.
      const change = isRescued ? Math.min(0, wanted) : wanted;
      pool.used = Math.min(pool.size, Math.max(0, pool.used + change));
      if (pool.used === pool.size) fullAt ??= now;
    }

    if (
      plan.rescueAfter !== undefined &&
      fullAt !== undefined &&
      now - fullAt >= plan.rescueAfter &&
      !isRescued
    ) {
      isRescued = true;
      for (const resource of resources)
        if (state[resource].used === state[resource].size)
          extend(resource, roundUp(0.5 * state[resource].size), now);
    }

    if (plan.autoextend !== undefined) {
      const { thresholdPercent } = plan.autoextend;
      for (const resource of resources) {
        const { used, size } = state[resource];
        const isPassed = 100 * used > thresholdPercent * size;
        const since = isPassed ? (passedAt[resource] ?? now) : undefined;
        passedAt[resource] = since;
        const { bytes, taken } = extensionOf(resource, size, plan.autoextend);
        if (since === undefined || now - since < dmeventdDelay || vgFree < taken) continue;
        extend(resource, bytes, now);
        vgFree -= taken;
        passedAt[resource] = undefined;
      }
    }

    for (const resource of resources) {
      tracks[resource].used[index] = state[resource].used;
      tracks[resource].size[index] = state[resource].size;
    }
    vgFrees[index] = vgFree;
  }
  const withMinimum = ({ used, size }: Track): Track =>
    plan.minimumFreePercent === 0
      ? { used, size }
      : { used, size, minimumFree: size.map((bytes) => (bytes * plan.minimumFreePercent) / 100) };
  return {
    step,
    tracks: { data: withMinimum(tracks.data), metadata: withMinimum(tracks.metadata) },
    vgFree: vgFrees,
    extended,
  };
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / extent) * extent;
}

/** Metadata grows by a point more, and its spare copy with it. */
function extensionOf(
  resource: Resource,
  size: number,
  { stepPercent }: Autoextend,
): { bytes: number; taken: number } {
  const isMetadata = resource === 'metadata';
  const bytes = roundUp((size * (stepPercent + (isMetadata ? 1 : 0))) / 100);
  return { bytes, taken: isMetadata ? 2 * bytes : bytes };
}
