import { isMap, isScalar, isSeq, type Pair } from 'yaml';
import type { Gathered, Given } from './given.ts';
import { isSetBy, type Option, yamlPath } from './option.ts';
import { suggest } from './suggest.ts';
import { kindOf, readDocument } from './yaml-document.ts';

/** Reads options, nested at the dots of their names or written with the dots. Every problem names file and line. */
export function readYaml(text: string, file: string, options: readonly Option[]): Gathered {
  const { contents, at, faults } = readDocument(text, file);
  if (faults.length > 0)
    return { given: [], problems: faults.map(({ where, message }) => `${where}: invalid YAML: ${message}`) };
  const walk = new Walk(options, at);
  if (isMap(contents)) walk.enter(contents.items, []);
  else if (!isEmpty(contents)) walk.problems.push(`${at(0)}: expected options, such as "log.level: debug"`);
  return walk;
}

function isEmpty(contents: unknown): boolean {
  return contents === null || (isScalar(contents) && contents.value === null);
}

/** One pass over a document. */
class Walk implements Gathered {
  readonly given: Given[] = [];
  readonly problems: string[] = [];
  readonly #options: readonly Option[];
  readonly #at: (offset: number | undefined) => string;

  constructor(options: readonly Option[], at: (offset: number | undefined) => string) {
    this.#options = options.filter((option) => isSetBy(option, 'file'));
    this.#at = at;
  }

  enter(pairs: readonly Pair<unknown, unknown>[], above: readonly string[]): void {
    for (const { key, value } of pairs) {
      const name = isScalar(key) ? String(key.value) : '?';
      const where = this.#at(isScalar(key) ? key.range?.[0] : undefined);
      this.#read([...above, name], value, where);
    }
  }

  #read(parts: readonly string[], value: unknown, where: string): void {
    const path = parts.join('.');
    // `collector.lvm: off` is accepted for `collector.lvm.mode: off`: the flag's own name, unless it has a mapping.
    const option = this.#options.find(
      (row) => yamlPath(row) === path || (row.flag === path && !isMap(value)),
    );
    if (option !== undefined) this.#take(option, value, `${where}: ${path}`);
    else if (!this.#options.some((row) => yamlPath(row).startsWith(`${path}.`))) this.#refuse(path, where);
    else if (isMap(value)) this.enter(value.items, parts);
    else this.#refuse(path, where);
  }

  #take(option: Option, value: unknown, where: string): void {
    const text = option.type.readNode?.(value, this.#at, this.problems) ?? textOf(value);
    if (this.given.some((other) => other.option === option))
      this.problems.push(`${where}: given twice in this file`);
    else if (text === undefined)
      this.problems.push(`${where}: expected ${option.type.expects}, got ${describe(value)}`);
    else this.given.push({ option, text, origin: 'file', where });
  }

  #refuse(path: string, where: string): void {
    this.problems.push(`${where}: ${path}: unknown option${suggest(path, this.#options.map(yamlPath))}`);
  }
}

/** The text as written: `0x10` and `1e3` are left for the option's own grammar to reject. */
function textOf(value: unknown): string | undefined {
  if (isScalar(value)) return value.source ?? String(value.value ?? '');
  if (!isSeq(value)) return undefined;
  const texts: string[] = [];
  for (const item of value.items) {
    if (!isScalar(item)) return undefined;
    texts.push(item.source ?? String(item.value ?? ''));
  }
  return texts.join(',');
}

function describe(value: unknown): string {
  return isSeq(value) ? 'a sequence with nested values' : kindOf(value);
}
