import { isAlias, isMap, isSeq, LineCounter, parseDocument } from 'yaml';

export interface YamlDocument {
  /** The top node, null for an empty text. */
  readonly contents: unknown;
  /** `FILE:LINE` of an offset in the text. */
  readonly at: (offset: number | undefined) => string;
  /** Syntax errors. */
  readonly faults: readonly { readonly where: string; readonly message: string }[];
}

/** Parses YAML and keeps the line of each node. Never throws: see `faults`. */
export function readDocument(text: string, file: string): YamlDocument {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const at = (offset: number | undefined) => `${file}:${lineCounter.linePos(offset ?? 0).line}`;
  const faults = [...document.errors, ...document.warnings].map(({ message, pos }) => ({
    where: at(pos[0]),
    message,
  }));
  return { contents: document.contents, at, faults };
}

/** The kind of a node, for error messages. */
export function kindOf(node: unknown): string {
  if (isMap(node)) return 'a mapping';
  if (isSeq(node)) return 'a sequence';
  if (isAlias(node)) return 'an alias';
  return node === null ? 'nothing' : 'a plain value';
}
