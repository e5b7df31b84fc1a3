import { ParseError } from './errors.ts';

/**
 * A copy that stands alone. V8 makes a part of a string by pointing into the whole, which it keeps in memory, and compares
 * such parts ten times more slowly: names are compared all the time, and may outlive thousands of readings.
 */
export function ownString(text: string): string {
  return Buffer.from(text).toString();
}

/** The lines of an output but for empty ones, each a string of its own. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(ownString);
}

/** Throws where text stops within a line: half of a number is a wrong number. */
export function requireWholeLines(stdout: string): void {
  if (stdout === '' || stdout.endsWith('\n')) return;
  throw new ParseError('a line feed at the end of the output', stdout.slice(stdout.lastIndexOf('\n') + 1));
}
