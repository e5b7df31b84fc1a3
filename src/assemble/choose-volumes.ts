import type { DmTable, LogicalVolume } from '../model/facts.ts';
import { memoizeLast } from '../model/memoize.ts';
import { joinLvmName } from '../model/names.ts';

/** The names of the volumes to read; undefined if all of them are. */
export type ChosenVolumes = ReadonlySet<string> | undefined;

/** Of all places, for those that grew most since LVM was last read. */
const growingShare = 1 / 4;

/** A chosen volume counts as so much larger, so that two of one size do not take turns. */
const incumbency = 1.25;

/**
 * Where there are more volumes than `max`, those that grew most and the largest are read, as LVM reports them: it counts all
 * volumes in one command. Volumes of which LVM reports nothing come last, in the order of the tables.
 */
export function createVolumeChoice(
  max: number,
): (tables: readonly DmTable[], logicalVolumes: readonly LogicalVolume[]) => ChosenVolumes {
  let mapped: ReadonlyMap<string, number> = new Map();
  let chosen: ChosenVolumes;
  return memoizeLast((tables, logicalVolumes) => {
    const names = tables.flatMap(({ name, target }) => (target.kind === 'volume' ? [name] : []));
    if (names.length <= max) {
      chosen = undefined;
      return undefined;
    }
    const before = mapped;
    mapped = mapLogicalVolumes(logicalVolumes);
    const now = choose(names, max, { mapped, before, chosen });
    if (!isSame(now, chosen)) chosen = now;
    return chosen;
  });
}

function mapLogicalVolumes(logicalVolumes: readonly LogicalVolume[]): ReadonlyMap<string, number> {
  return new Map(
    logicalVolumes.flatMap(({ role, vgName, lvName, sizeBytes, dataPercent }) =>
      role === 'volume' && sizeBytes !== undefined && dataPercent !== undefined
        ? [[joinLvmName(vgName, lvName), (sizeBytes * dataPercent) / 100] as const]
        : [],
    ),
  );
}

interface Figures {
  /** By dm name, as LVM reports it. */
  readonly mapped: ReadonlyMap<string, number>;
  readonly before: ReadonlyMap<string, number>;
  readonly chosen: ChosenVolumes;
}

function choose(names: readonly string[], max: number, { mapped, before, chosen }: Figures): Set<string> {
  const growthOf = (name: string): number => {
    const now = mapped.get(name);
    return now === undefined ? 0 : now - (before.get(name) ?? (before.size > 0 ? 0 : now));
  };
  const weightOf = (name: string): number =>
    (mapped.get(name) ?? -1) * (chosen?.has(name) === true ? incumbency : 1);
  const growing = names
    .filter((name) => growthOf(name) > 0)
    .sort((one, other) => growthOf(other) - growthOf(one));
  const now = new Set(growing.slice(0, Math.floor(max * growingShare)));
  const largest = [...names].sort((one, other) => weightOf(other) - weightOf(one));
  for (const name of largest) {
    if (now.size >= max) break;
    now.add(name);
  }
  return now;
}

function isSame(now: ReadonlySet<string>, before: ChosenVolumes): boolean {
  return before?.size === now.size && [...now].every((name) => before.has(name));
}
