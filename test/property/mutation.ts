import fc from 'fast-check';

/** One harm done to text. The numbers choose where and with what, by remainder, so that every one is valid. */
export interface Mutation {
  readonly kind: (typeof kinds)[number];
  readonly at: number;
  readonly choice: number;
}

// Twice what parsers of numbers and words are most likely to fall for.
const kinds = [
  ...['flip', 'digit', 'digit', 'token', 'token', 'delete', 'cut'],
  ...['repeat line', 'swap lines', 'drop line', 'replace word', 'replace word', 'insert character'],
] as const;

/** Words that stand elsewhere in these grammars, and numbers that are none. */
const tokens = [
  ...[
    '-',
    '--',
    '-1',
    '+1',
    '0',
    '00',
    '1.5',
    '1,5',
    '1e3',
    '0x10',
    'NaN',
    'Infinity',
    '0/0',
    '5/3',
    '/',
    ':',
    ': ',
  ],
  ...['4294967296', '9007199254740993', '18446744073709551615', '9'.repeat(30), '1e400', '٣', '1 000', '０'],
  ...[
    'Fail',
    'Error',
    'rw',
    'ro',
    'out_of_data_space',
    'needs_check',
    'queue_if_no_space',
    'error_if_no_space',
  ],
  ...[
    'thin-pool',
    'thin',
    'linear',
    '0 1 thin-pool ',
    'p: 0 1 thin-pool 0 0/1 0/1 - ',
    'discard_passdown',
    '253:1',
    '8:',
  ],
  ...[
    '0 B',
    '0B',
    '1000 kB',
    '1.234 GB',
    '12345 MB',
    'Mb',
    'GiB',
    'EB',
    'true',
    'false',
    'WARNING: ',
    'Pool Name: ',
  ],
  ...[
    'Storage Driver: devicemapper',
    'Data Space Total: ',
    ' ',
    '  ',
    '\t',
    '\r',
    '\n',
    '\n\n',
    '|',
    '||',
    '[',
    ']',
  ],
  ...[
    '{',
    '}',
    '"',
    '\\',
    '\\x20',
    '__proto__',
    'constructor',
    'null',
    'undefined',
    '[]',
    '{}',
    '""',
    '\0',
    '\ufffd',
    '\u2028',
  ],
] as const;

/** One to three harms, the first of them most often alone. */
export const mutations = fc.array(
  fc.record<Mutation>({ kind: fc.constantFrom(...kinds), at: fc.nat(), choice: fc.nat() }),
  { minLength: 1, maxLength: 3 },
);

/** The part of a text where harm is done. */
export type Focus = (text: string) => { readonly start: number; readonly end: number };

export function mutate(text: string, harms: readonly Mutation[], focus: Focus): string {
  let mutant = text;
  for (const harm of harms) mutant = apply(mutant, harm, focus(mutant));
  return mutant;
}

function apply(text: string, { kind, at, choice }: Mutation, { start, end }: ReturnType<Focus>): string {
  const place = start + (at % (end - start + 1));
  switch (kind) {
    case 'flip':
      return flipBit(text, place, choice);
    case 'digit':
      return replaceFrom(text, /\d/, place, String(choice % 10));
    case 'replace word':
      return replaceFrom(text, /[^\s|"]+/, place, pick(tokens, choice));
    case 'token':
      return splice(text, place, 0, pick(tokens, choice));
    case 'insert character':
      return splice(text, place, 0, String.fromCharCode(choice % 128));
    case 'delete':
      return splice(text, place, 1 + (choice % 12), '');
    case 'cut':
      return choice % 4 === 0 ? text.slice(place) : text.slice(0, place);
    default:
      return changeLines(text, kind, place, choice);
  }
}

/** In the bytes, as they come from outside: what is no UTF-8 any more is decoded to U+FFFD. */
function flipBit(text: string, place: number, choice: number): string {
  const bytes = Buffer.from(text);
  const byte = bytes[place];
  if (byte === undefined) return text;
  bytes[place] = byte ^ (1 << (choice % 8));
  return bytes.toString('utf8');
}

/** Replaces the first match at or after a place. */
function replaceFrom(text: string, pattern: RegExp, place: number, by: string): string {
  return text.slice(0, place) + text.slice(place).replace(pattern, () => by);
}

function changeLines(text: string, kind: Mutation['kind'], place: number, choice: number): string {
  const lines = text.split('\n');
  const index = text.slice(0, place).split('\n').length - 1;
  const line = lines[index] ?? '';
  const other = choice % lines.length;
  if (kind === 'repeat line') lines.splice(other, 0, line);
  if (kind === 'drop line') lines.splice(index, 1);
  if (kind === 'swap lines') {
    lines[index] = lines[other] ?? '';
    lines[other] = line;
  }
  return lines.join('\n');
}

function splice(text: string, place: number, length: number, insert: string): string {
  return text.slice(0, place) + insert + text.slice(place + length);
}

function pick(from: readonly string[], choice: number): string {
  return from[choice % from.length] ?? '';
}
