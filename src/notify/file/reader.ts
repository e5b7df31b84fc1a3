import { isMap, isScalar, isSeq } from 'yaml';
import { suggest } from '../../config/suggest.ts';
import type { ValueType } from '../../config/value-types.ts';
import { kindOf, type YamlDocument } from '../../config/yaml-document.ts';

/** A row of the file format. */
export interface Field<Value = unknown> {
  readonly type: ValueType<Value>;
  /** The field is a YAML sequence of such values. */
  readonly several?: true;
  /** It must be there. */
  readonly required?: true;
}

export type Table = Readonly<Record<string, Field>>;
type ValueOf<Of> = Of extends { type: ValueType<infer Value>; several: true }
  ? readonly Value[]
  : Of extends { type: ValueType<infer Value> }
    ? Value
    : never;
/** The values of a mapping. */
export type Values<Of extends Table> = { readonly [Key in keyof Of]?: ValueOf<Of[Key]> };

export interface Entry<Of extends Table> {
  /** `FILE:LINE` */
  readonly where: string;
  readonly values: Values<Of>;
  /** The nodes of keys that the table leaves to the caller. */
  readonly nested: ReadonlyMap<string, unknown>;
}

/** Reads mappings by tables, and collects what is wrong in sentences that name file, line and field. */
export class Reader {
  readonly problems: string[] = [];
  readonly #at: YamlDocument['at'];

  constructor({ at }: Pick<YamlDocument, 'at'>) {
    this.#at = at;
  }

  /** The items of a sequence. */
  items(node: unknown, name: string): readonly unknown[] {
    if (isSeq(node)) return node.items;
    if (!isEmpty(node))
      this.problems.push(`${this.place(node)}: ${name}: expected a sequence, got ${kindOf(node)}`);
    return [];
  }

  /** A mapping; `nested` are keys whose values the caller reads. */
  entry<const Of extends Table>(
    node: unknown,
    name: string,
    table: Of,
    nested: readonly string[] = [],
  ): Entry<Of> {
    const where = this.place(node);
    const known = [...Object.keys(table), ...nested];
    const values: Record<string, unknown> = {};
    const inner = new Map<string, unknown>();
    if (!isMap(node)) {
      this.problems.push(
        `${where}: ${name}: expected a mapping with ${known.join(', ')}, got ${kindOf(node)}`,
      );
      return { where, values: {}, nested: inner };
    }
    for (const { key, value } of node.items) {
      const word = isScalar(key) ? String(key.value) : '?';
      const place = `${this.place(key)}: ${name}.${word}`;
      const field = Object.hasOwn(table, word) ? table[word] : undefined;
      if (nested.includes(word)) inner.set(word, value);
      else if (field === undefined)
        this.problems.push(
          `${place}: unknown field, expected one of ${known.join(', ')}${suggest(word, known)}`,
        );
      else
        values[word] =
          field.several === true ? this.#several(field, value, place) : this.#one(field, value, place);
    }
    for (const [word, { required, type }] of Object.entries(table))
      if (required === true && !Object.hasOwn(values, word))
        this.problems.push(`${where}: ${name}: ${word} is missing: expected ${type.expects}`);
    // Each value was parsed with the type of its row, and `Values` is derived from these types.
    return { where, values: values as Values<Of>, nested: inner };
  }

  /** `FILE:LINE` of a node. */
  place(node: unknown): string {
    const range = isScalar(node) || isMap(node) || isSeq(node) ? node.range : undefined;
    return this.#at(range?.[0]);
  }

  #several(field: Field, node: unknown, where: string): readonly unknown[] | undefined {
    // One value needs no brackets.
    const items = isSeq(node) ? node.items : [node];
    return items.flatMap((item) => this.#one(field, item, where) ?? []);
  }

  #one({ type }: Field, node: unknown, where: string): unknown {
    const given = isScalar(node) ? textOf(node.value, node.source) : undefined;
    const value = given === undefined || given === '' ? undefined : type.parse(given);
    // The text is not quoted: it may be a password in the wrong place.
    if (value === undefined)
      this.problems.push(
        `${where}: expected ${type.expects}, got ${given === undefined ? kindOf(node) : 'another value'}`,
      );
    return value;
  }
}

function textOf(value: unknown, source: string | undefined): string {
  return typeof value === 'string' ? value : (source ?? String(value ?? ''));
}

function isEmpty(node: unknown): boolean {
  return node === undefined || node === null || (isScalar(node) && node.value === null);
}
