import type { ExclusiveSpace, MeasuredPool, MeasuredVolume } from '../model/exclusive.ts';
import type { DeviceNumber } from '../model/facts.ts';

/** A metadata snapshot that this exporter has reserved, or is about to. */
export interface Hold extends MeasuredPool {
  /** The metadata block that the kernel reports for it. Absent: it was about to be reserved. */
  readonly heldRoot?: number;
}

/** The content of the state file. */
export interface StateRecord {
  readonly holds: readonly Hold[];
  readonly spaces: readonly ExclusiveSpace[];
}

export const emptyRecord: StateRecord = { holds: [], spaces: [] };

/** Bumped when the content changes in a way that older readers would misread. */
const version = 1;

export function writeRecord({ holds, spaces }: StateRecord): string {
  return `${JSON.stringify({ version, holds, spaces })}\n`;
}

/** What is not as this exporter writes it is left out: a snapshot is released only on clear evidence. */
export function readRecord(content: string): StateRecord {
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch {
    return emptyRecord;
  }
  if (!isObject(parsed) || parsed['version'] !== version) return emptyRecord;
  return { holds: readAll(parsed['holds'], readHold), spaces: readAll(parsed['spaces'], readSpace) };
}

function readHold(value: Fields): Hold | undefined {
  const pool = readPool(value);
  const { heldRoot } = value;
  if (pool === undefined || (heldRoot !== undefined && !isCount(heldRoot))) return undefined;
  return heldRoot === undefined ? pool : { ...pool, heldRoot };
}

function readSpace(value: Fields): ExclusiveSpace | undefined {
  const pool = readPool(value);
  const { takenAt, blockBytes } = value;
  if (pool === undefined || !isCount(takenAt) || !isCount(blockBytes)) return undefined;
  return { ...pool, takenAt, blockBytes, volumes: readAll(value['volumes'], readVolume) };
}

function readVolume({ deviceId, mappedBlocks, exclusiveBlocks }: Fields): MeasuredVolume | undefined {
  return isCount(deviceId) && isCount(mappedBlocks) && isCount(exclusiveBlocks)
    ? { deviceId, mappedBlocks, exclusiveBlocks }
    : undefined;
}

function readPool({ dmName, uuid, device, bootId }: Fields): MeasuredPool | undefined {
  if (typeof dmName !== 'string' || typeof device !== 'string' || typeof bootId !== 'string')
    return undefined;
  if (!/^\d+:\d+$/.test(device) || (uuid !== undefined && typeof uuid !== 'string')) return undefined;
  return { dmName, device: device as DeviceNumber, bootId, ...(uuid !== undefined && { uuid }) };
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function readAll<One>(value: unknown, read: (one: Fields) => One | undefined): readonly One[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: unknown) => (isObject(one) ? (read(one) ?? []) : []));
}
