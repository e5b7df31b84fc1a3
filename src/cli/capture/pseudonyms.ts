import { createHash } from 'node:crypto';

/**
 * Replaces words by words of the same length and kind of letters: a hexadecimal ID stays one, and a column keeps its width.
 * The same word gets the same pseudonym, and two words never share one.
 */
export class Pseudonyms {
  readonly #salt: string;
  readonly #isReserved: (word: string) => boolean;
  readonly #made = new Map<string, string>();
  readonly #taken = new Set<string>();

  /** The salt prevents guessing words by trying: it is random and not kept. No pseudonym is a reserved word. */
  constructor(salt: string, isReserved: (word: string) => boolean) {
    this.#salt = salt;
    this.#isReserved = isReserved;
  }

  replace(word: string): string {
    const before = this.#made.get(word);
    if (before !== undefined) return before;
    const made = this.#make(word);
    this.#made.set(word, made);
    this.#taken.add(made);
    return made;
  }

  #make(word: string): string {
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const made = disguise(word, `${this.#salt}/${attempt}/${word}`);
      if (made !== word && !this.#taken.has(made) && !this.#isReserved(made)) return made;
    }
    // All words of this length are in use.
    const more = /^\d+$/.test(word) ? '' : 'q';
    return `${disguise(word, this.#salt)}${more}${1000 + this.#taken.size}`;
  }
}

/** Generated identifiers, such as a checksum or a part of a UUID. */
const isHex = /^(?:[0-9a-f]{4}|[0-9a-f]{8,})$/;

function disguise(word: string, seed: string): string {
  const chars = [...word];
  const random = bytesOf(seed, chars.length);
  if (word.startsWith('0x')) return `0x${disguise(word.slice(2), seed)}`;
  const replace = isHex.test(word) && !/^\d+$/.test(word) ? toHexDigit : toSameKind;
  return chars.map((char, at) => replace(char, random[at] ?? 0, at)).join('');
}

function toHexDigit(_char: string, random: number): string {
  return (random % 16).toString(16);
}

function toSameKind(char: string, random: number, at: number): string {
  // A number stays one, and as long: it does not begin with 0, unless it did.
  if (/[0-9]/.test(char)) return at === 0 && char !== '0' ? String(1 + (random % 9)) : String(random % 10);
  if (/[a-z]/.test(char)) return String.fromCharCode(97 + (random % 26));
  if (/[A-Z]/.test(char)) return String.fromCharCode(65 + (random % 26));
  return toLetterBeyondAscii(char, random);
}

/** One of the 64 letters with the same bytes but for the last one, so that it is as long in UTF-8. */
function toLetterBeyondAscii(char: string, random: number): string {
  const block = (char.codePointAt(0) ?? 0) & ~63;
  for (let step = 0; step < 64; step += 1) {
    const made = String.fromCodePoint(block + ((random + step) % 64));
    if (made !== char && /\p{L}/u.test(made)) return made;
  }
  return 'é';
}

function bytesOf(seed: string, length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 0; at * 32 < length; at += 1)
    blocks.push(createHash('sha256').update(`${at}/${seed}`).digest());
  return Buffer.concat(blocks);
}
