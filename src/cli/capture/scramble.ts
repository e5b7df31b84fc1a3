import type { Scrambler, Vocabulary } from '../../collectors/shared/scrambling.ts';
import { Pseudonyms } from './pseudonyms.ts';

export interface CaptureScrambler extends Scrambler {
  /** The words that were kept so far, in order. */
  readonly kept: () => readonly string[];
}

type Mode = 'name' | 'text' | 'values';

/** Letters and digits of any script, also as libdm and the kernel escape them. */
const word = String.raw`(?:\\x[89a-fA-F][0-9a-fA-F]|[\p{L}\p{M}\p{N}]|(?![\s\p{C}\p{P}\p{Z}])[^\x00-\x7f])+`;
/** An escaped ASCII character separates words, as the character does. */
const escaped = String.raw`\\x[0-7][0-9a-fA-F]`;
const edge = String.raw`(?<![\p{L}\p{N}])`;
const end = String.raw`(?![\p{L}\p{N}])`;

/** What is not a word, but one thing: matched before words are. */
const wholes = {
  /** VG and LV UUID in a dm UUID. */
  dmUuid: `${edge}LVM-[A-Za-z0-9]{64}${end}`,
  /** As LVM prints it (lvm2 lib/uuid/uuid.c, id_write_format). */
  lvmUuid: `${edge}[A-Za-z0-9]{6}(?:-[A-Za-z0-9]{4}){5}-[A-Za-z0-9]{6}${end}`,
  /** In the dm name of an LV its hyphens are doubled. */
  uuid: `${edge}[0-9a-fA-F]{8}(?:--?[0-9a-fA-F]{4}){3}--?[0-9a-fA-F]{12}${end}`,
  mac: `${edge}(?:[0-9a-fA-F]{2}:){5,}[0-9a-fA-F]{2}${end}`,
  address: `${edge}\\d{1,3}(?:\\.\\d{1,3}){3}${end}`,
  kernelName: `${edge}(?:dm-|loop|md)\\d{1,7}${end}`,
  deviceNumber: `(?<![\\p{L}\\p{N}:])\\d{1,4}:\\d{1,7}(?![\\p{L}\\p{N}]|[.:]\\d)`,
} as const;

/** A word of a message with all that clings to it: where part of it is unknown, the rest may be part of the same name. */
const identifier = [wholes.lvmUuid, wholes.uuid, wholes.mac, wholes.address].join('|');
const run = `(?!${identifier})(?:${escaped}|${word})(?:(?!${identifier})(?:${escaped}|${word}|[_.@%#!~-]))*`;

const tokens = new RegExp(
  [
    ...Object.entries(wholes).map(([name, pattern]) => `(?<${name}>${pattern})`),
    `(?<escaped>${escaped})`,
    word,
  ].join('|'),
  'gu',
);
const runs = new RegExp(
  [...Object.values(wholes), String.raw`[\p{L}\p{N}_.]+\+0x[0-9a-f]+\/0x[0-9a-f]+`, run].join('|'),
  'gu',
);

/** Names that the kernel or LVM numbers: `sda1`, `nvme0n1p2`, `lvol0`. */
const counted =
  /^(?:(?:sd|vd|xvd|hd|ubd)[a-z]{1,2}\d{0,2}|nvme\d{1,3}(?:c\d{1,3})?(?:n\d{1,3})?(?:p\d{1,3})?|mmcblk\d{1,2}(?:p\d{1,2})?|(?:loop|dm|md|lvol|zram|nbd|drbd|sr|raid|tty|k?vdo)\d{1,3})$/;
const isNumber = /^\d+$/;
const hasUnit = /^ ?(?:ms|bytes)\b/;
/** A number with its unit, and a hexadecimal number that is too short for an identifier. */
const isAmount = /^(?:\d{1,3}(?:ms|s|us|[bkmgtpe]|[kmgtp]i?b|th|st|nd|rd|x|p|n)|0x[0-9a-f]{1,4})$/i;

/** Keeps only words of these vocabularies, and replaces all others. */
export function createScrambler(vocabularies: readonly Vocabulary[], salt: string): CaptureScrambler {
  const known = {
    name: wordSet(vocabularies.map(({ names }) => names)),
    text: wordSet(vocabularies.map(({ text }) => text)),
  };
  const kept = new Set<string>();
  const pseudonyms = new Pseudonyms(
    salt,
    (made) => known.name.has(made.toLowerCase()) || known.text.has(made.toLowerCase()) || counted.test(made),
  );

  const isKept = (found: string, mode: Mode): boolean => {
    if (isNumber.test(found)) return mode === 'values' || found.length <= (mode === 'name' ? 1 : 3);
    if (counted.test(found) || isAmount.test(found)) return true;
    return known[mode === 'name' ? 'name' : 'text'].has(found.toLowerCase());
  };
  const keep = (found: string): string => {
    if (!isNumber.test(found)) kept.add(found);
    return found;
  };
  const replaceWord = (found: string, mode: Mode): string =>
    isKept(found, mode) ? keep(found) : escapeAgain(found, pseudonyms.replace(decodeBytes(found)));
  const replaceAll = (text: string, mode: Mode): string =>
    text.replaceAll(tokens, (found, ...rest) => {
      const groups: Readonly<Record<string, string | undefined>> = rest.at(-1);
      if (groups['escaped'] !== undefined || groups['deviceNumber'] !== undefined) return found;
      if (groups['kernelName'] !== undefined) return keep(found);
      if (groups['dmUuid'] !== undefined)
        return `LVM-${pseudonyms.replace(found.slice(4, 36))}${pseudonyms.replace(found.slice(36))}`;
      if (groups['lvmUuid'] !== undefined) return replaceUuid(found, pseudonyms);
      if (['uuid', 'mac', 'address'].some((kind) => groups[kind] !== undefined))
        return found.replaceAll(/[^:.-]+/g, (part) => pseudonyms.replace(part));
      return replaceWord(found, mode);
    });
  const replaceText = (text: string, mode: 'text' | 'values'): string =>
    text.replaceAll(runs, (found, at: number) => {
      if (isNumber.test(found) && hasUnit.test(text.slice(at + found.length, at + found.length + 9)))
        return found;
      if (found.includes('+0x')) return replaceAll(found, mode);
      const words = [...found.matchAll(tokens)].map(([one]) => one);
      const isWhole = words.length === 1 && !/^[\p{L}\p{M}\p{N}\\]+$/u.test(words[0] ?? '');
      const isKnown = isWhole || words.every((one) => isKept(one, mode));
      return replaceAll(found, isKnown && !isLongNumber(words, mode) ? mode : 'name');
    });
  return {
    name: (text) => replaceAll(text, 'name'),
    text: (text) => replaceText(text, 'text'),
    values: (text) => replaceText(text, 'values'),
    kept: () => [...kept].sort(),
  };
}

/** Short numbers may be one long one, of a serial or an address: `012-345-678`. */
function isLongNumber(words: readonly string[], mode: Mode): boolean {
  if (mode === 'values') return false;
  const numbers = words.filter((one) => isNumber.test(one));
  return numbers.length > 1 && numbers.join('').length > 5;
}

function wordSet(lists: readonly (readonly string[])[]): ReadonlySet<string> {
  return new Set(lists.flat().flatMap((entry) => entry.toLowerCase().split(/[^\p{L}\p{N}]+/u)));
}

function replaceUuid(found: string, pseudonyms: Pseudonyms): string {
  // With and without hyphens it must stay the same volume.
  const plain = pseudonyms.replace(found.replaceAll('-', ''));
  return found.replaceAll(/[A-Za-z0-9]+/g, (part, at: number) => {
    const start = at - (found.slice(0, at).match(/-/g) ?? []).length;
    return plain.slice(start, start + part.length);
  });
}

/** Names beyond ASCII, which dmsetup and the kernel print byte by byte (`\xc3\xbc`), are the same names elsewhere. */
function decodeBytes(found: string): string {
  if (!found.includes('\\x')) return found;
  const bytes = found
    .split(/(\\x[0-9a-fA-F]{2})/)
    .map((part) => (part.startsWith('\\x') ? Buffer.from(part.slice(2), 'hex') : Buffer.from(part)));
  return Buffer.concat(bytes).toString('utf8');
}

function escapeAgain(found: string, made: string): string {
  if (!found.includes('\\x')) return made;
  return [...made]
    .map((char) =>
      char <= '\x7f' ? char : [...Buffer.from(char)].map((byte) => `\\x${byte.toString(16)}`).join(''),
    )
    .join('');
}
