import type { Facts, PartialFacts } from '../../model/facts.ts';
import { Denied, Exited, ParseError } from './errors.ts';
import { linesOf } from './lines.ts';
import { leftOut, type Partly } from './partly.ts';

/** More lines than any host has volumes; the rest of an output is not read. */
const linesMax = 20_000;

/** What a command printed. */
interface Printed {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** A line of `grep -H`: the file, and what it matched there. */
export interface FoundLine {
  readonly file: string;
  readonly text: string;
}

/**
 * The lines that grep printed. It exits with 1 if it found none, and with 2 if it could not read a file. None where the files
 * are not there: whose they are is not on this host.
 */
export function readFound({ stdout, stderr, exitCode }: Printed): readonly string[] {
  const isMissing = /No such file or directory/.test(stderr);
  if (exitCode > 1 && stdout === '' && !isMissing) {
    if (/Permission denied/.test(stderr)) throw new Denied(lastLine(stderr));
    throw new Exited(exitCode, stderr);
  }
  return linesOf(stdout).slice(0, linesMax);
}

/** Makes facts of one kind from the lines that grep printed; an odd line costs itself. */
export function factsOfLines<Kind extends keyof PartialFacts>(
  collector: string,
  kind: Kind,
  parse: (lines: readonly string[]) => Partly<Facts[Kind][number]>,
): (output: Printed) => PartialFacts {
  return (output) => {
    const { records, unreadable } = parse(readFound(output));
    return { [kind]: records, ...leftOut(collector, unreadable) };
  };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
}

/** Splits `FILE:TEXT`; the file ends in `ending`. Throws ParseError. */
export function splitLine(line: string, ending: string): FoundLine {
  const at = line.indexOf(`${ending}:`);
  if (!line.startsWith('/') || at < 0) throw new ParseError(`a line of a file *${ending}`, line);
  return { file: line.slice(0, at + ending.length), text: line.slice(at + ending.length + 1) };
}
