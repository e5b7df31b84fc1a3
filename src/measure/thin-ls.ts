import { ParseError } from '../collectors/shared/errors.ts';
import { linesOf, requireWholeLines } from '../collectors/shared/lines.ts';
import { parseWhole } from '../collectors/shared/number.ts';
import type { MeasuredVolume } from '../model/exclusive.ts';

type Command = readonly [string, ...string[]];

const fields = 'DEV,MAPPED_BLOCKS,EXCLUSIVE_BLOCKS,SHARED_BLOCKS';

/**
 * Variants, the kindest to other I/O first. `-t`: where a sandbox forbids it to change priorities, it reads all the same.
 * The words are those of thin-provisioning-tools 0.9 and 1.x.
 */
export function thinLsVariants(metadataPath: string): readonly [Command, Command] {
  const listing = ['nice', '-n', '19', 'thin_ls', '-m', '--no-headers', '-o', fields, metadataPath] as const;
  return [['ionice', '-t', '-c', '3', ...listing], listing];
}

/** A row for each thin volume: `id mapped exclusive shared`. Throws ParseError. */
export function parseThinLs(stdout: string): readonly MeasuredVolume[] {
  requireWholeLines(stdout);
  return linesOf(stdout).map((line) => {
    const [id, mapped, exclusive, shared, ...more] = line.trim().split(/\s+/);
    const deviceId = parseWhole(id, 'a device id', line);
    const mappedBlocks = parseWhole(mapped, 'mapped blocks', line);
    const exclusiveBlocks = parseWhole(exclusive, 'exclusive blocks', line);
    const sharedBlocks = parseWhole(shared, 'shared blocks', line);
    if (more.length > 0) throw new ParseError('four numbers', line);
    if (exclusiveBlocks + sharedBlocks !== mappedBlocks)
      throw new ParseError('exclusive and shared blocks that add up to the mapped ones', line);
    return { deviceId, mappedBlocks, exclusiveBlocks };
  });
}
