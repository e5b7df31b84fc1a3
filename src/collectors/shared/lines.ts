import { ParseError } from './errors.ts';

/**
 * A copy with its own memory. V8 substrings point into the whole string, which stays in memory, and compare ten times more
 * slowly; names are compared all the time and may outlive thousands of outputs.
 */
export function ownString(text: string): string {
  return Buffer.from(text).toString();
}

/** The non-empty lines of an output, each with its own memory. */
export function linesOf(text: string): string[] {
  return textsOf(text).map(ownString);
}

/** The same, in the memory of the output: what is kept of them has to be copied. */
export function textsOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

/** Throws ParseError if the text ends within a line: half of a number is a wrong number. */
export function requireWholeLines(stdout: string): void {
  if (stdout === '' || stdout.endsWith('\n')) return;
  throw new ParseError('a line feed at the end of the output', stdout.slice(stdout.lastIndexOf('\n') + 1));
}
