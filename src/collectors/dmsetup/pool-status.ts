import type { DiscardMode, NoSpacePolicy, PoolCounters, PoolMode, PoolStatus } from '../../model/facts.ts';
import { ParseError } from '../shared/errors.ts';
import { parseWhole, readWhole } from '../shared/number.ts';
import type { DmLine } from './line.ts';

const modes: Readonly<Record<string, PoolMode>> = {
  rw: 'rw',
  ro: 'ro',
  out_of_data_space: 'out_of_data_space',
};
const discards: Readonly<Record<string, DiscardMode>> = {
  discard_passdown: 'discard_passdown',
  no_discard_passdown: 'no_discard_passdown',
  ignore_discard: 'ignore_discard',
};
const noSpaces: Readonly<Record<string, NoSpacePolicy>> = {
  queue_if_no_space: 'queue',
  error_if_no_space: 'error',
};

/**
 * A thin-pool status line of any kernel generation (kernel `drivers/md/dm-thin.c`, pool_status):
 * `txn um/tm ud/td held [mode discard [nospace [check [metadata low water mark]]]]`, or `Fail`, `Error`, nothing.
 * Which of the later words are present depends on the target's version, including backports, so each is recognised by its
 * position and vocabulary; unknown further words are ignored. Throws ParseError.
 */
export function parsePoolStatus(line: DmLine, name: string): PoolStatus {
  if (line.targetType !== 'thin-pool') throw new ParseError('a thin-pool target', line.text);
  const { words, lengthSectors } = line;
  const [first] = words;
  if (first === undefined || (words.length === 1 && first === 'Error'))
    return { name, lengthSectors, state: 'unreadable' };
  if (words.length === 1 && first === 'Fail') return { name, lengthSectors, state: 'failed' };
  return { name, lengthSectors, state: 'readable', counters: parseCounters(line) };
}

function parseCounters(line: DmLine): PoolCounters {
  const [transaction, metadata, data, held, ...rest] = line.words;
  const [metadataUsedBlocks, metadataBlocks] = parseUsage(metadata, 'metadata blocks "used/total"', line);
  const [dataUsedBlocks, dataBlocks] = parseUsage(data, 'data blocks "used/total"', line);
  const heldMetadataRoot = parseHeld(held, line);
  return {
    transactionId: parseTransaction(transaction, line),
    metadataUsedBlocks,
    metadataBlocks,
    dataUsedBlocks,
    dataBlocks,
    ...(heldMetadataRoot === undefined ? {} : { heldMetadataRoot }),
    ...parseState(rest, line),
  };
}

/** A u64 that only increases: beyond 2^53 the nearest double is precise enough. */
function parseTransaction(word: string | undefined, line: DmLine): number {
  if (word === undefined || !/^\d{1,20}$/.test(word)) throw new ParseError('a transaction id', line.text);
  return Number(word);
}

function parseUsage(word: string | undefined, what: string, line: DmLine): [number, number] {
  const groups = /^(?<used>\d+)\/(?<total>\d+)$/.exec(word ?? '')?.groups;
  if (groups === undefined) throw new ParseError(what, line.text);
  const used = parseWhole(groups['used'], what, line.text);
  const total = parseWhole(groups['total'], what, line.text);
  if (used > total || total === 0)
    throw new ParseError(`${what} with used <= total and total > 0`, line.text);
  return [used, total];
}

function parseHeld(word: string | undefined, line: DmLine): number | undefined {
  if (word === '-') return undefined;
  return parseWhole(word, 'a held metadata root', line.text);
}

type State = Pick<PoolCounters, 'mode' | 'discard' | 'noSpace' | 'needsCheck' | 'metadataLowWaterBlocks'>;

function parseState(words: readonly string[], line: DmLine): State {
  const [modeWord, discardWord, noSpaceWord, checkWord, lowWaterWord] = words;
  if (modeWord === undefined) return {};
  const mode = lookUp(modes, modeWord, 'mode rw, ro or out_of_data_space', line);
  const discard = lookUp(discards, discardWord, 'a discard mode', line);
  if (noSpaceWord === undefined) return { mode, discard };
  const noSpace = lookUp(noSpaces, noSpaceWord, 'queue_if_no_space or error_if_no_space', line);
  if (checkWord === undefined) return { mode, discard, noSpace };
  const needsCheck = lookUp({ needs_check: true, '-': false }, checkWord, 'needs_check or -', line);
  const metadataLowWaterBlocks = readWhole(lowWaterWord);
  if (metadataLowWaterBlocks === undefined) return { mode, discard, noSpace, needsCheck };
  return { mode, discard, noSpace, needsCheck, metadataLowWaterBlocks };
}

function lookUp<Value>(
  table: Readonly<Record<string, Value>>,
  word: string | undefined,
  what: string,
  line: DmLine,
): Value {
  const value = word !== undefined && Object.hasOwn(table, word) ? table[word] : undefined;
  if (value === undefined) throw new ParseError(what, line.text);
  return value;
}
