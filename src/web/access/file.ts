import { isMap, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml';
import { suggest } from '../../config/suggest.ts';
import type { ValueType } from '../../config/value-types.ts';
import { kindOf, readDocument, type YamlDocument } from '../../config/yaml-document.ts';
import { type Field, headerFields, httpFields, rateFields, tlsFields, userField } from './fields.ts';

/** A value and its place, `FILE:LINE: tls_server_config.cert_file`. */
export interface Placed<Value> {
  readonly value: Value;
  readonly where: string;
}

type Table = Readonly<Record<string, Field>>;
type ValueOf<Of> = Of extends { type: ValueType<infer Value>; several: true }
  ? readonly Value[]
  : Of extends { type: ValueType<infer Value> }
    ? Value
    : never;
type Section<Of extends Table> = { readonly [Key in keyof Of]?: Placed<ValueOf<Of[Key]>> };

export type TlsSection = Section<typeof tlsFields>;

/** The content of the file. Each value has its type; combinations of values are checked elsewhere. */
export interface WebFile {
  /** Placed where the section begins. Absent if the section is absent or empty. */
  readonly tls?: Placed<TlsSection>;
  readonly headers: Section<typeof headerFields>;
  readonly rate?: Placed<Section<typeof rateFields>>;
  /** Hashes by user. */
  readonly users: ReadonlyMap<string, string>;
}

export interface ReadWebFile {
  readonly file: WebFile;
  /** Sentences that name file, line, field and what was expected. They never contain a secret. */
  readonly problems: readonly string[];
}

const sections = ['tls_server_config', 'http_server_config', 'basic_auth_users', 'rate_limit'] as const;

/**
 * Reads the web configuration of Prometheus' exporter-toolkit (docs/web-configuration.md there).
 * Unknown fields are errors: a misspelt one would leave access open.
 */
export function readWebFile(content: string, path: string): ReadWebFile {
  const document = readDocument(content, path);
  // After the colon, the library quotes the text that it failed on, which may be a key or a hash.
  const faults = document.faults.map(
    ({ where, message }) => `${where}: invalid YAML: ${message.split(':')[0]}`,
  );
  if (faults.length > 0) return { file: { headers: {}, users: new Map() }, problems: faults };
  const walk = new Walk(document);
  return { file: walk.file(), problems: walk.problems };
}

/** One pass over a document. Collects problems. */
class Walk {
  readonly problems: string[] = [];
  readonly #document: YamlDocument;

  constructor(document: YamlDocument) {
    this.#document = document;
  }

  file(): WebFile {
    const top = this.#children(
      this.#document.contents,
      this.#document.at(0),
      'sections such as tls_server_config',
    );
    this.#refuseOthers(top, sections);
    const section = (name: (typeof sections)[number]) => this.#open(top, name);
    const tls = section('tls_server_config');
    const http = section('http_server_config');
    const rate = section('rate_limit');
    this.#refuseOthers(http.pairs, [...Object.keys(httpFields), 'headers'], http.name);
    this.#fields(httpFields, http);
    const headers = this.#open(http.pairs, 'headers', http.name);
    return {
      ...(tls.pairs.length === 0 ? {} : { tls: { where: tls.where, value: this.#strict(tlsFields, tls) } }),
      headers: this.#strict(headerFields, headers),
      ...(rate.pairs.length === 0
        ? {}
        : { rate: { where: rate.where, value: this.#strict(rateFields, rate) } }),
      users: this.#users(section('basic_auth_users')),
    };
  }

  /** The section of a name. Empty if it is absent or empty. */
  #open(pairs: readonly Pair[], name: string, above?: string): Opened {
    const path = above === undefined ? name : `${above}.${name}`;
    const pair = pairs.find(({ key }) => keyOf(key) === name);
    if (pair === undefined) return { name: path, where: path, pairs: [] };
    const where = `${this.#at(pair.key)}: ${path}`;
    return { name: path, where, pairs: this.#children(pair.value, where, 'fields') };
  }

  #children(node: unknown, where: string, expected: string): readonly Pair[] {
    if (isMap(node)) return (node as YAMLMap).items;
    const isEmpty = node === null || (isScalar(node) && node.value === null);
    if (!isEmpty) this.problems.push(`${where}: expected ${expected}, got ${kindOf(node)}`);
    return [];
  }

  #strict<const Of extends Table>(table: Of, opened: Opened): Section<Of> {
    this.#refuseOthers(opened.pairs, Object.keys(table), opened.name);
    return this.#fields(table, opened);
  }

  #fields<const Of extends Table>(table: Of, { pairs, name }: Opened): Section<Of> {
    const found: Record<string, Placed<unknown>> = {};
    for (const { key, value } of pairs) {
      const word = keyOf(key);
      const field = Object.hasOwn(table, word) ? table[word] : undefined;
      if (field === undefined) continue;
      const where = `${this.#at(key)}: ${name}.${word}`;
      const read =
        field.several === true ? this.#several(field, value, where) : this.#one(field, value, where);
      if (read !== undefined && read !== '') found[word] = { value: read, where };
    }
    // Each value was parsed with the type of its row, and `Section` is derived from these types.
    return found as Section<Of>;
  }

  #several(field: Field, node: unknown, where: string): readonly unknown[] | undefined {
    if (isSeq(node))
      return node.items.flatMap((item) => {
        const place = `${this.#at(item)}: ${where.slice(where.lastIndexOf(' ') + 1)}`;
        const value = this.#one(field, item, place);
        return value === undefined ? [] : [value];
      });
    this.problems.push(`${where}: expected a sequence, each ${field.type.expects}, got ${kindOf(node)}`);
    return undefined;
  }

  #one({ type, secret }: Field, node: unknown, where: string): unknown {
    const given = textOf(node);
    const value = given === undefined ? undefined : type.parse(given);
    if (value !== undefined) return value;
    const got =
      given === undefined
        ? kindOf(node)
        : secret === true
          ? 'another value (not shown)'
          : JSON.stringify(given);
    this.problems.push(`${where}: expected ${type.expects}, got ${got}`);
    return undefined;
  }

  #users({ pairs, name }: Opened): ReadonlyMap<string, string> {
    const users = new Map<string, string>();
    for (const { key, value } of pairs) {
      const user = keyOf(key);
      const where = `${this.#at(key)}: ${name}.${user}`;
      if (user === '' || user.includes(':'))
        this.problems.push(`${where}: expected a user name that is not empty and has no colon`);
      const hash = this.#one(userField, value, where);
      if (typeof hash === 'string') users.set(user, hash);
    }
    return users;
  }

  #refuseOthers(pairs: readonly Pair[], known: readonly string[], above?: string): void {
    for (const { key } of pairs) {
      const word = keyOf(key);
      if (known.includes(word)) continue;
      const path = above === undefined ? word : `${above}.${word}`;
      this.problems.push(
        `${this.#at(key)}: ${path}: unknown field, expected one of ${known.join(', ')}${suggest(word, known)}`,
      );
    }
  }

  #at(node: unknown): string {
    const range = isScalar(node) || isMap(node) || isSeq(node) ? node.range : undefined;
    return this.#document.at(range?.[0]);
  }
}

interface Opened {
  /** The name in the file: `http_server_config.headers`. */
  readonly name: string;
  readonly where: string;
  readonly pairs: readonly Pair[];
}

function keyOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : '?';
}

/** The value of a YAML string; for anything else, the collector text. */
function textOf(node: unknown): string | undefined {
  if (!isScalar(node)) return undefined;
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value ?? ''));
}
