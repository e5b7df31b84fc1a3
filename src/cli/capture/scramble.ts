import { Pseudonyms } from './pseudonyms.ts';

/** Identifiers anywhere in a text: no list of names has all of them. */
const patterns = {
  /** VG and LV UUID in a dm UUID. */
  dmUuid: 'LVM-[A-Za-z0-9]{64}',
  /** As LVM prints it (lvm2 lib/uuid/uuid.c, id_write_format). */
  lvmUuid: '[A-Za-z0-9]{6}(?:-[A-Za-z0-9]{4}){5}-[A-Za-z0-9]{6}',
  uuid: '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}',
  dockerId: '[A-Z2-7]{4}(?::[A-Z2-7]{4}){11}',
  hexId: '[0-9a-f]{64}',
} as const;

/** A function that renames all of `names`, and every identifier, in names and in texts alike. */
export function createScrambler(names: readonly string[], salt: string): (text: string) => string {
  const pseudonyms = new Pseudonyms(salt);
  const renamed = new Map<string, string>();
  for (const name of names) {
    const other = pseudonyms.rename(name);
    if (other === name) continue;
    renamed.set(name, other);
    renamed.set(asInJson(name), asInJson(other));
  }
  const search = new RegExp(`${anyOf(renamed.keys())}${anyIdentifier()}`, 'g');
  const replace = (found: string): string => renamed.get(found) ?? disguiseIdentifier(found, pseudonyms);
  return (text) => text.replaceAll(search, replace);
}

function asInJson(name: string): string {
  return JSON.stringify(name).slice(1, -1);
}

/** Longest first. A name matches only as a whole word, and not as a key of a JSON object. */
function anyOf(names: Iterable<string>): string {
  const sorted = [...names].sort((one, other) => other.length - one.length);
  if (sorted.length === 0) return '';
  return `(?<![\\w+-])(?:${sorted.map(quote).join('|')})(?![\\w+-]|\\.\\w|":[\\s[{"\\d])|`;
}

function quote(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}_ ]/gu, (char) => `\\${char}`);
}

function anyIdentifier(): string {
  return `(?<![A-Za-z0-9])(?:${Object.values(patterns).join('|')})(?![A-Za-z0-9])`;
}

function disguiseIdentifier(found: string, pseudonyms: Pseudonyms): string {
  if (found.startsWith('LVM-'))
    return `LVM-${disguise(found.slice(4, 36), pseudonyms)}${disguise(found.slice(36), pseudonyms)}`;
  if (!new RegExp(`^${patterns.lvmUuid}$`).test(found)) return pseudonyms.rename(found);
  // With and without hyphens it must stay the same volume.
  const plain = disguise(found.replaceAll('-', ''), pseudonyms);
  return found.replaceAll(/[A-Za-z0-9]+/g, (part, at: number) => {
    const start = at - (found.slice(0, at).match(/-/g) ?? []).length;
    return plain.slice(start, start + part.length);
  });
}

function disguise(uuid: string, pseudonyms: Pseudonyms): string {
  return pseudonyms.replace(uuid);
}
