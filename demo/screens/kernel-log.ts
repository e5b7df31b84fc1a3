import type { DemoHost, DemoPool } from '../host.ts';

/** The messages that the kernel logs between two moments (kernel dm-thin.c). */
export function kernelMessages(before: DemoHost, after: DemoHost): readonly string[] {
  return after.pools.flatMap((pool) => {
    const old = before.pools.find(({ dmName }) => dmName === pool.dmName);
    return old === undefined ? [] : poolMessages(old, pool);
  });
}

function poolMessages(old: DemoPool, pool: DemoPool): string[] {
  const messages: string[] = [];
  if (isBelowMark(pool) && !isBelowMark(old))
    messages.push('reached low water mark for data device: sending event.');
  for (const [what, from, to] of [
    ['data', old.totalBlocks, pool.totalBlocks],
    ['metadata', old.metadataTotal, pool.metadataTotal],
  ] as const)
    if (to > from) messages.push(`growing the ${what} device from ${from} to ${to} blocks`);
  if (modeOf(pool) !== modeOf(old)) messages.push(`switching pool to ${modeOf(pool)} mode`);
  return messages.map((message) => `device-mapper: thin: 254:${pool.minor}: ${message}`);
}

function isBelowMark({ usedBlocks, totalBlocks, lowWaterBlocks }: DemoPool): boolean {
  return totalBlocks - usedBlocks <= lowWaterBlocks;
}

function modeOf({ mode, noSpace }: DemoPool): string {
  if (mode === 'out_of_data_space') return `out-of-data-space (${noSpace} IO)`;
  return mode === 'ro' ? 'read-only' : 'write';
}
