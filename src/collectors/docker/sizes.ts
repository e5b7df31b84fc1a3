import type { DockerInfo } from '../../model/facts.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { ParseError } from '../shared/errors.ts';
import { parseSize, snapBlockSize } from './size.ts';

/** The pairs that Docker prints about its storage driver (moby daemon/graphdriver/devmapper/driver.go, Status). */
export type DriverPairs = ReadonlyMap<string, string>;

type PoolSizes = Pick<
  DockerInfo,
  | 'blockSizeBytes'
  | 'dataUsedBytes'
  | 'dataSizeBytes'
  | 'dataAvailableBytes'
  | 'metadataUsedBytes'
  | 'metadataSizeBytes'
  | 'metadataAvailableBytes'
  | 'minimumFreeBytes'
>;

/** Sizes that are never 0 in a readable pool. */
const wholes = ['Data Space Total', 'Metadata Space Total', 'Pool Blocksize'] as const;
/** Parts that never exceed their total: rounding preserves the order. */
const parts = [
  ['Data Space Used', 'Data Space Total'],
  ['Data Space Available', 'Data Space Total'],
  ['Thin Pool Minimum Free Space', 'Data Space Total'],
  ['Metadata Space Used', 'Metadata Space Total'],
  ['Metadata Space Available', 'Metadata Space Total'],
] as const;

/** Sizes of the pool that this Docker release prints; none if Docker could not read the pool. */
export function readPoolSizes(pairs: DriverPairs): PoolSizes & Pick<DockerInfo, 'poolUnreadable'> {
  if (isUnreadable(pairs)) return { poolUnreadable: true };
  requireOrder(pairs);
  const blockSize = readSize(pairs, 'Pool Blocksize');
  return omitUndefined({
    poolUnreadable: false,
    blockSizeBytes: blockSize && snapBlockSize(blockSize),
    dataUsedBytes: readSize(pairs, 'Data Space Used'),
    dataSizeBytes: readSize(pairs, 'Data Space Total'),
    dataAvailableBytes: readSize(pairs, 'Data Space Available'),
    metadataUsedBytes: readSize(pairs, 'Metadata Space Used'),
    metadataSizeBytes: readSize(pairs, 'Metadata Space Total'),
    metadataAvailableBytes: readSize(pairs, 'Metadata Space Available'),
    minimumFreeBytes: readSize(pairs, 'Thin Pool Minimum Free Space'),
  });
}

/** A size in bytes; undefined if Docker does not print it. */
export function readSize(pairs: DriverPairs, key: string): number | undefined {
  const text = pairs.get(key);
  return text === undefined ? undefined : parseSize(text, `${key}: ${text}`);
}

/** Docker prints every size as 0 when it cannot read the pool's status (moby deviceset.go, Status): all of them, otherwise the output is invalid. */
function isUnreadable(pairs: DriverPairs): boolean {
  const zero = wholes.find((key) => readSize(pairs, key) === 0);
  if (zero === undefined) return false;
  const other = [...wholes, ...parts.map(([part]) => part)].find((key) => (readSize(pairs, key) ?? 0) > 0);
  if (other === undefined) return true;
  throw new ParseError(`${other} to be 0 as ${zero} is`, `${other}: ${pairs.get(other)}`);
}

function requireOrder(pairs: DriverPairs): void {
  for (const [part, whole] of parts) {
    const most = readSize(pairs, whole);
    if (most === undefined || (readSize(pairs, part) ?? 0) <= most) continue;
    throw new ParseError(`${part} to be at most ${whole}`, `${part}: ${pairs.get(part)}`);
  }
}
