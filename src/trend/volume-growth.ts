import type { Pool, Volume } from '../model/pool.ts';
import type { VolumeGrowth, VolumesGrown } from '../model/trend.ts';
import { secondMs } from '../model/units.ts';
import { downsample, type Spacing } from './downsample.ts';

/**
 * The history of the volumes of a pool: a column of numbers for each poll, in which each volume has its place. Thousands of
 * volumes cost 8 bytes for each poll, and their names are stored only once.
 */
export interface VolumeHistory {
  readonly places: Places;
  readonly columns: readonly Column[];
  readonly fastest: readonly VolumeGrowth[];
}

interface Place {
  readonly index: number;
  /** Distinguishes a new volume from an older one of the same name. */
  readonly deviceId: number | undefined;
}

type Places = ReadonlyMap<string, Place>;

interface Column {
  readonly at: number;
  /** NaN if unknown. */
  readonly mapped: Float64Array;
}

/** Up to ten minutes in a handful of columns. */
const spacing: Spacing = { finestMs: 15 * secondMs, share: 1 / 2, longestMs: 900 * secondMs };

/** Growth is measured over this time or, if no volume grew in it, over the whole history. */
const usualMs = 120 * secondMs;
/** Two polls may be only a second apart, which is too short to measure. */
const shortestMs = 20 * secondMs;

const fastestMax = 10;

/** Adds a poll of the volumes to the history. `takenAt` is absent while they are unknown. */
export function updateVolumes(
  before: VolumeHistory | undefined,
  volumes: readonly Volume[],
  takenAt: number | undefined,
): VolumeHistory | undefined {
  if (takenAt === undefined) return undefined;
  const last = before?.columns.at(-1);
  if (takenAt === last?.at) return before;
  const isOlder = last !== undefined && takenAt < last.at;
  const places =
    before !== undefined && hasPlaces(before.places, volumes) ? before.places : placesOf(volumes);
  const columns = before === undefined || isOlder ? [] : moveColumns(before.columns, before.places, places);
  const all = downsample([...columns, columnOf(volumes, takenAt)], spacing);
  return { places, columns: all, fastest: findFastest(places, all) };
}

/**
 * Growth between two polls of the same pool. The caller makes sure that they are far enough apart. Absent if the volumes
 * were not read twice.
 */
export function growthBetween(before: Pool, after: Pool): VolumesGrown | undefined {
  const from = before.volumesTakenAt;
  const to = after.volumesTakenAt;
  if (from === undefined || to === undefined || to <= from) return undefined;
  const places = placesOf(after.volumes);
  const first = moveColumns([columnOf(before.volumes, from)], placesOf(before.volumes), places);
  return { overMs: to - from, fastest: growthSince(first, columnOf(after.volumes, to), places) };
}

function columnOf(volumes: readonly Volume[], at: number): Column {
  return { at, mapped: new Float64Array(volumes.map(({ mappedBytes }) => mappedBytes ?? Number.NaN)) };
}

/** Places follow the order of the volumes, which changes only when volumes come or go. */
function placesOf(volumes: readonly Volume[]): Places {
  return new Map(volumes.map(({ name, deviceId }, index) => [name, { index, deviceId }]));
}

function hasPlaces(places: Places, volumes: readonly Volume[]): boolean {
  if (places.size !== volumes.length) return false;
  return volumes.every(({ name, deviceId }, index) => {
    const place = places.get(name);
    return place?.index === index && place.deviceId === deviceId;
  });
}

function moveColumns(columns: readonly Column[], from: Places, to: Places): readonly Column[] {
  if (from === to) return columns;
  return columns.map(({ at, mapped }) => {
    const moved = new Float64Array(to.size).fill(Number.NaN);
    for (const [name, { index, deviceId }] of to) {
      const old = from.get(name);
      if (old !== undefined && old.deviceId === deviceId) moved[index] = mapped[old.index] ?? Number.NaN;
    }
    return { at, mapped: moved };
  });
}

function findFastest(places: Places, columns: readonly Column[]): readonly VolumeGrowth[] {
  const last = columns.at(-1);
  if (last === undefined) return [];
  const earlier = columns.filter(({ at }) => last.at - at >= shortestMs);
  const usual = earlier.filter(({ at }) => last.at - at <= usualMs);
  const growing = growthSince(usual, last, places);
  return growing.length > 0 ? growing : growthSince(earlier, last, places);
}

function isKnownIn({ mapped }: Column, index: number): boolean {
  return !Number.isNaN(mapped[index] ?? Number.NaN);
}

/** Growth of each volume since the first column that has it: a new volume may be the fastest. */
function growthSince(columns: readonly Column[], last: Column, places: Places): readonly VolumeGrowth[] {
  const growing: VolumeGrowth[] = [];
  const [oldest] = columns;
  if (oldest === undefined) return growing;
  // Most volumes are in the oldest column. Called for thousands of volumes, of which few grow.
  places.forEach(({ index }, volume) => {
    const mappedBytes = last.mapped[index] ?? Number.NaN;
    const first = isKnownIn(oldest, index) ? oldest : columns.find((column) => isKnownIn(column, index));
    if (first === undefined) return;
    const rise = mappedBytes - (first.mapped[index] ?? Number.NaN);
    const bytesPerSecond = (rise * secondMs) / (last.at - first.at);
    if (bytesPerSecond > 0) growing.push({ volume, bytesPerSecond, mappedBytes });
  });
  return growing
    .sort((one, other) => other.bytesPerSecond - one.bytesPerSecond || (one.volume < other.volume ? -1 : 1))
    .slice(0, fastestMax);
}
