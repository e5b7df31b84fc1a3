import { ParseError } from './errors.ts';

/** A whole number of decimal digits that a double holds exactly. */
export function parseWhole(word: string | undefined, what: string, line: string): number {
  const value = readWhole(word);
  if (value === undefined)
    throw new ParseError(`${what} as a whole number`, word === undefined ? line : `${word} in ${line}`);
  return value;
}

/** The same, or undefined where the word is anything else. */
export function readWhole(word: string | undefined): number | undefined {
  if (word === undefined || !/^\d{1,16}$/.test(word)) return undefined;
  const value = Number(word);
  return Number.isSafeInteger(value) ? value : undefined;
}
