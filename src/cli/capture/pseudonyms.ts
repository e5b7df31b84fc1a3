import { createHash } from 'node:crypto';
import { isKeptWord } from './keep-words.ts';

const separatorsAndWords = /\\x[0-9a-fA-F]{2}|[\p{L}\p{N}]+/gu;

/**
 * Replaces names by names of the same structure: every word is replaced consistently by one of the same length and kind of
 * letters, and separators are kept. So `vg--a-root` and `vg-a` still join, a 64-digit hexadecimal ID is still one, and
 * `-tpool` is still a layer. Digits are kept: they are device numbers, inodes, counters.
 */
export class Pseudonyms {
  readonly #salt: string;
  readonly #made = new Map<string, string>();
  readonly #taken = new Set<string>();

  /** The salt prevents guessing words by trying: it is random and not kept. */
  constructor(salt: string) {
    this.#salt = salt;
  }

  /** The pseudonym of a name. Words of the tools' own grammar are kept. */
  rename(name: string): string {
    return name.replaceAll(separatorsAndWords, (word) => (word.startsWith('\\') ? word : this.replace(word)));
  }

  replace(word: string): string {
    if (isKeptWord(word)) return word;
    const before = this.#made.get(word);
    if (before !== undefined) return before;
    const made = this.#make(word);
    this.#made.set(word, made);
    this.#taken.add(made);
    return made;
  }

  /** Two words never get the same pseudonym: separate things would join. */
  #make(word: string): string {
    for (let attempt = 0; attempt < 1000; attempt += 1) {
      const made = disguise(word, `${this.#salt}/${attempt}/${word}`);
      if (!this.#taken.has(made) && !isKeptWord(made) && made !== word) return made;
    }
    // All words of this length are in use.
    return `${disguise(word, this.#salt)}q${this.#taken.size}`;
  }
}

/** Generated identifiers, such as a UUID or a checksum: their digits must be replaced too. */
const isHex = /^(?=.*\d)[0-9a-f]{8,}$/;
const isIdentifier = /^(?=.*\d)[A-Za-z0-9]{20,}$/;

function disguise(word: string, seed: string): string {
  const random = bytesOf(seed, word.length);
  const replace = isHex.test(word) ? toHexDigit : isIdentifier.test(word) ? toLetterOrDigit : toLetter;
  return [...word].map((char, at) => replace(char, random[at] ?? 0)).join('');
}

function toHexDigit(_char: string, random: number): string {
  return (random % 16).toString(16);
}

function toLetterOrDigit(char: string, random: number): string {
  return /\d/.test(char) ? String(random % 10) : toLetter(char, random);
}

function toLetter(char: string, random: number): string {
  if (/\p{N}/u.test(char)) return char;
  const letter = String.fromCharCode(97 + (random % 26));
  return char === char.toLowerCase() ? letter : letter.toUpperCase();
}

function bytesOf(seed: string, length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 0; at * 32 < length; at += 1)
    blocks.push(createHash('sha256').update(`${at}/${seed}`).digest());
  return Buffer.concat(blocks);
}
