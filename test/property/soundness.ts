import { Denied, Exited, ParseError, Unavailable, Unsupported } from '../../src/collectors/shared/errors.ts';

/** The only errors that parsing may throw. */
export function isExpected(error: unknown): boolean {
  return [ParseError, Unsupported, Unavailable, Denied, Exited].some((kind) => error instanceof kind);
}

// A transaction id is a u64 and a size may be rounded anyway: the nearest double is near enough (model/facts.ts).
const isNearEnough = /(?:^|\.)transactionId$|Bytes$/;
/** The kernel's value for "no limit" (fs/xfs/xfs_sysfs.c). */
const isForEver = /MaxRetries$/;

/** What is wrong with facts, wherever they come from: numbers that are none, or cannot be. */
export function faultsOf(value: unknown, path = ''): string[] {
  if (typeof value === 'number') return faultsOfNumber(value, path);
  if (value === undefined) return [`${path} is undefined rather than absent`];
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, part]) =>
    faultsOf(part, path === '' ? key : `${path}.${key}`),
  );
  return [...inner, ...faultsOfUsage(value, path)];
}

function faultsOfNumber(value: number, path: string): string[] {
  if (!Number.isFinite(value)) return [`${path} is ${value}`];
  if (value < (isForEver.test(path) ? -1 : 0)) return [`${path} is negative: ${value}`];
  if (!isNearEnough.test(path) && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return [`${path} is not exact: ${value}`];
  }
  return /Percent$/.test(path) || Number.isInteger(value) ? [] : [`${path} is no whole number: ${value}`];
}

const usages = [
  ['metadataUsedBlocks', 'metadataBlocks'],
  ['dataUsedBlocks', 'dataBlocks'],
  ['metadataUsedBytes', 'metadataSizeBytes'],
  ['metadataAvailableBytes', 'metadataSizeBytes'],
  ['dataUsedBytes', 'dataSizeBytes'],
  ['dataAvailableBytes', 'dataSizeBytes'],
  ['minimumFreeBytes', 'dataSizeBytes'],
  ['freeBytes', 'sizeBytes'],
] as const;

function faultsOfUsage(value: object, path: string): string[] {
  const numbers = new Map(Object.entries(value));
  return usages
    .filter(([part, whole]) => Number(numbers.get(part)) > Number(numbers.get(whole)))
    .map(([part, whole]) => `${path}.${part} is more than ${whole}`);
}
