import type { Bound, FreeSpaceItem } from '../model/free-space.ts';
import { formatBytes } from './bytes.ts';

const bounds: Readonly<Record<Bound, string>> = {
  exact: '',
  at_most: 'at most ',
  at_least: 'at least ',
};

/** `at most 1.2 GiB`. */
export function describeFreed({ bytes, bound }: Pick<FreeSpaceItem, 'bytes' | 'bound'>): string {
  return bytes === undefined || bound === undefined ? 'unknown' : `${bounds[bound]}${formatBytes(bytes)}`;
}

/** What an item is, in a few words: `snapshot of vm-100-disk-0, not active`. */
export function describeFreeable({
  kind,
  describedAs,
  snapshotOf,
  active,
  mountPoint,
}: FreeSpaceItem): string {
  if (kind === 'unattributed') return 'belongs to no active volume';
  if (kind === 'trim') return `files deleted in ${mountPoint}`;
  const what =
    describedAs ??
    (kind === 'volume' ? kind : `snapshot${snapshotOf === undefined ? '' : ` of ${snapshotOf}`}`);
  return active ? what : `${what}, not active`;
}
