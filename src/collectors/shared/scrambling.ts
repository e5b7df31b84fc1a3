/**
 * Replaces what could identify a host in the texts of an anonymous capture. Only known words are kept; every other word is
 * replaced, the same one by the same one everywhere, so that names still match across files.
 */
export interface Scrambler {
  /** A name, a path or a key: keeps only words that tools put into names. */
  readonly name: (text: string) => string;
  /** A message: keeps the words of tools, and numbers of up to three digits. */
  readonly text: (text: string) => string;
  /** Values: as `text`, with numbers of any length. */
  readonly values: (text: string) => string;
}

/** Words that are kept, in lower case. They reveal nothing about a host: the tools and the kernel print them everywhere. */
export interface Vocabulary {
  /** In names as well: layers, suffixes, directories of the system. */
  readonly names: readonly string[];
  readonly text: readonly string[];
}

/** How the output of a collector is made anonymous. */
export interface Scrambling {
  readonly vocabulary: Vocabulary;
  /** A whole output, where its grammar says which parts are names. What does not follow the grammar is a message. */
  readonly scramble: (text: string, scrambler: Scrambler, query: ScrambledQuery) => string;
}

export interface ScrambledQuery {
  readonly key: string;
  readonly variant?: string;
}

export function wordsIn(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

/** Replaces lines one by one, and keeps the line feeds. */
export function scrambleLines(text: string, scramble: (line: string) => string): string {
  return text.split('\n').map(scramble).join('\n');
}

/** What JSON has outside of strings. */
const isPunctuation = /^(?:[\s:,[\]{}]|(?<=[\s:,[])(?:-?\d+(?:\.\d+)?|null|true|false)(?=[\s,\]}]|$))*$/;

const stringLiteral = /"(?:[^"\\]|\\.)*"/gs;

/**
 * Replaces the strings of a text that looks like JSON, also where it is not: a torn report still has strings. `replace`
 * gets the key of a string that is a value, and `asKey` each key. Numbers outside of strings are kept; other text there, which
 * is no JSON, is treated as `message`.
 */
export function scrambleJson(
  text: string,
  replace: (value: string, key: string | undefined) => string,
  asKey: (key: string) => string,
  message: (text: string) => string,
): string {
  const between = (part: string) => (isPunctuation.test(part) ? part : message(part));
  let out = '';
  let end = 0;
  let key: string | undefined;
  for (const { 0: literal, index } of text.matchAll(stringLiteral)) {
    const before = text.slice(end, index);
    end = index + literal.length;
    const value = decode(literal);
    const isKey = /^\s*:/.test(text.slice(end, end + 8));
    // A value follows its key directly, or stands in a list without one.
    if (!/^\s*:\s*$/.test(before)) key = undefined;
    out += between(before);
    if (value === undefined) out += between(literal);
    else if (isKey) out += JSON.stringify(asKey(value));
    else out += JSON.stringify(replace(value, key));
    key = isKey ? value : undefined;
  }
  return out + between(text.slice(end));
}

function decode(literal: string): string | undefined {
  try {
    return JSON.parse(literal);
  } catch {
    return undefined;
  }
}
