import { ParseError } from './errors.ts';

/** A whole number of decimal digits that a double holds exactly. */
export function parseWhole(word: string | undefined, what: string, line: string): number {
  const value = readWhole(word);
  if (value === undefined)
    throw new ParseError(`${what} as a whole number`, word === undefined ? line : `${word} in ${line}`);
  return value;
}

/** A size of LVM, which counts in 64 bits: a thin volume may have 8 PiB and more. Past 2^53 the nearest double is near enough. */
export function parseSize(word: string | undefined, what: string, line: string): number {
  if (word === undefined || !/^\d{1,20}$/.test(word))
    throw new ParseError(`${what} as a whole number`, word === undefined ? line : `${word} in ${line}`);
  return Number(word);
}

/** A whole number that a double holds exactly; undefined where the word is anything else. */
export function readWhole(word: string | undefined): number | undefined {
  if (word === undefined || !/^\d{1,16}$/.test(word)) return undefined;
  const value = Number(word);
  return Number.isSafeInteger(value) ? value : undefined;
}
