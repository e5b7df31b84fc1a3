import type { VolumeStatus } from '../../model/facts.ts';
import { ParseError } from '../shared/errors.ts';
import { parseWhole } from '../shared/number.ts';
import type { DmLine } from './line.ts';

const words: Readonly<Record<string, 'failed' | 'unreadable' | 'unbound'>> = {
  Fail: 'failed',
  Error: 'unreadable',
  '-': 'unbound',
};

/** `mapped highest`, in sectors; or `Fail`, `Error`, `-` alone (kernel dm-thin.c, thin_status). */
export function parseVolumeStatus(line: DmLine, name: string): VolumeStatus {
  const { lengthSectors } = line;
  if (line.targetType !== 'thin') throw new ParseError('a thin target', line.text);
  const [mapped, highest] = line.words;
  if (mapped === undefined) return { name, lengthSectors, state: 'unreadable' };
  const state = line.words.length === 1 && Object.hasOwn(words, mapped) ? words[mapped] : undefined;
  if (state !== undefined) return { name, lengthSectors, state };
  const mappedSectors = parseWhole(mapped, 'mapped sectors', line.text);
  if (highest === '-') return { name, lengthSectors, state: 'readable', mappedSectors };
  const highestMappedSector = parseWhole(highest, 'the highest mapped sector or -', line.text);
  return { name, lengthSectors, state: 'readable', mappedSectors, highestMappedSector };
}
