import { isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument } from 'yaml';
import type { Gathered, Given } from './given.ts';
import { isSetBy, type Option, yamlPath } from './option.ts';
import { suggest } from './suggest.ts';

/** Options of a YAML text, nested at the dots of their names or written with them. Every problem names file and line. */
export function readYaml(text: string, file: string, options: readonly Option[]): Gathered {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const at = (offset: number | undefined) => `${file}:${lineCounter.linePos(offset ?? 0).line}`;
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0)
    return { given: [], problems: faults.map(({ message, pos }) => `${at(pos[0])}: not YAML: ${message}`) };
  const walk = new Walk(options, at);
  if (isMap(document.contents)) walk.enter(document.contents.items, []);
  else if (!isEmpty(document.contents))
    walk.problems.push(`${at(0)}: expected options, such as "log.level: debug"`);
  return walk;
}

function isEmpty(contents: unknown): boolean {
  return contents === null || (isScalar(contents) && contents.value === null);
}

/** One pass over a document; holds what it found so far. */
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
    // `collector.lvm: off` for `collector.lvm.mode: off`: the flag's own name, unless it leads further.
    const option = this.#options.find(
      (row) => yamlPath(row) === path || (row.flag === path && !isMap(value)),
    );
    if (option !== undefined) this.#take(option, value, `${where}: ${path}`);
    else if (!this.#options.some((row) => yamlPath(row).startsWith(`${path}.`))) this.#refuse(path, where);
    else if (isMap(value)) this.enter(value.items, parts);
    else this.#refuse(path, where);
  }

  #take(option: Option, value: unknown, where: string): void {
    const text = textOf(value);
    if (this.given.some((other) => other.option === option))
      this.problems.push(`${where}: given twice in this file`);
    else if (text === undefined)
      this.problems.push(`${where}: expected ${option.type.expects}, got ${kindOf(value)}`);
    else this.given.push({ option, text, origin: 'file', where });
  }

  #refuse(path: string, where: string): void {
    this.problems.push(`${where}: ${path}: unknown option${suggest(path, this.#options.map(yamlPath))}`);
  }
}

/** As written: `0x10` and `1e3` stay what they are, and are refused by the option's own grammar. */
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

function kindOf(value: unknown): string {
  if (isMap(value)) return 'a mapping';
  if (isSeq(value)) return 'a sequence of something else than plain values';
  return value === null ? 'nothing' : 'an alias';
}
