import { severities } from '../model/finding.ts';
import type { Since } from '../rules/evaluate.ts';
import { type History, restoreHistory, type SavedPool, saveHistory } from '../trend/history.ts';

/** What a command that reads once has to know of its earlier runs: how space has developed, and since when findings hold. */
export interface Carried {
  readonly history: History;
  readonly since: Since;
}

/** Raised when what is written changes: an older or newer file is then ignored. */
const format = 1;

/** As a line of JSON. */
export function writeCarried({ history, since }: Carried): string {
  return `${JSON.stringify({ format, pools: saveHistory(history), since: [...since] })}\n`;
}

/** Throws an Error that says what is wrong with the text. */
export function readCarried(text: string): Carried {
  const saved: unknown = JSON.parse(text);
  if (!isRecord(saved)) throw new Error('it is not an object');
  if (saved['format'] !== format) throw new Error(`its format is not ${format}`);
  const { pools, since } = saved;
  if (!Array.isArray(pools) || !pools.every(isPool)) throw new Error('"pools" is not a list of histories');
  if (!Array.isArray(since) || !since.every(isHeld)) throw new Error('"since" is not a list of findings');
  return { history: restoreHistory(pools), since: new Map(since) };
}

type Entry<Value> = readonly [string, Value];
type Held = Since extends ReadonlyMap<string, infer One> ? One : never;

function isHeld(entry: unknown): entry is Entry<Held> {
  return (
    isEntry(entry) &&
    typeof entry[1]['startedAt'] === 'number' &&
    typeof entry[1]['until'] === 'number' &&
    typeof entry[1]['isReported'] === 'boolean' &&
    severities.some((severity) => severity === entry[1]['severity'])
  );
}

function isPool(entry: unknown): entry is Entry<SavedPool> {
  if (!isEntry(entry)) return false;
  const { lastSeenAt, data, metadata } = entry[1];
  return typeof lastSeenAt === 'number' && [data, metadata].every(isSpaceHistory);
}

function isSpaceHistory(space: unknown): boolean {
  if (space === undefined) return true;
  return isRecord(space) && Array.isArray(space['points']) && space['points'].every(isPoint);
}

function isPoint(point: unknown): boolean {
  return isRecord(point) && ['at', 'usedBytes', 'sizeBytes'].every((key) => typeof point[key] === 'number');
}

function isEntry(entry: unknown): entry is Entry<Record<string, unknown>> {
  return Array.isArray(entry) && typeof entry[0] === 'string' && isRecord(entry[1]);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
