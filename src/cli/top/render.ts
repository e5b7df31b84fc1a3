import { formatBytes } from '../../format/bytes.ts';
import { describeFreeable, describeFreed } from '../../format/describe-freed.ts';
import { formatAge } from '../../format/duration.ts';
import { plain } from '../../format/printable.ts';
import { wrap } from '../../format/wrap.ts';
import type { FreeSpace, FreeSpaceItem } from '../../model/free-space.ts';

const width = 100;

/** Text for people: each item with what it frees, and how. */
export function renderTop(
  { pool, usedBytes, obstacle, advice, items, omitted }: FreeSpace,
  now: number,
): string {
  const used = usedBytes === undefined ? 'used space unknown' : `${formatBytes(usedBytes)} used`;
  const sections = [
    `What would free space in pool ${plain(pool)} (${used}), most first`,
    ...(obstacle === undefined ? [] : [wrap(plain(obstacle), '', width)]),
    ...(items.length === 0
      ? [wrap(`No volume is known whose removal frees space. ${plain(advice)}`, '', width)]
      : []),
    ...items.map((item) => renderItem(item, now)),
    ...(omitted === 0 ? [] : [`${omitted} more (\`-n ${items.length + omitted}\` lists all).`]),
    ...describeBounds(items, now),
  ];
  return `${sections.join('\n\n')}\n`;
}

function renderItem(item: FreeSpaceItem, now: number): string {
  const { name, createdAt, action } = item;
  const age = createdAt === undefined ? '' : `, ${formatAge(now - createdAt)} old`;
  const head = `${describeFreed(item)}: ${plain(name)} (${plain(describeFreeable(item))}${age})`;
  return `${head}\n${wrap(plain(action), '    ', width)}`;
}

const explanations = {
  exact: 'A figure without "at most" is exact: no two volumes share a block.',
  at_most:
    'At most: a block that is shared with a snapshot stays until nothing uses it. Of a volume that is not active only this limit is known: its size, or what the pool has used beyond its largest active volume.',
  at_least: 'At least: what the active volumes share counts for each of them.',
} as const;

function describeBounds(items: readonly FreeSpaceItem[], now: number): readonly string[] {
  const measuredAt = items.find((item) => item.measuredAt !== undefined)?.measuredAt;
  const lines = (['exact', 'at_most', 'at_least'] as const)
    .filter((bound) => items.some((item) => item.bound === bound))
    .map((bound) =>
      bound === 'exact' && measuredAt !== undefined
        ? describeMeasured(now - measuredAt)
        : explanations[bound],
    )
    .map((text) => wrap(text, '', width));
  return lines.length === 0 ? [] : [lines.join('\n')];
}

function describeMeasured(ageMs: number): string {
  return `A figure without "at most" is what the volume shared with no other when it was measured, ${formatAge(ageMs)} ago.`;
}
