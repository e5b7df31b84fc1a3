import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Relative imports of values: types have no say in what a program computes. */
const imports = /^(?:import|export)(?! type\b)[^;]*? from '(\.[^']+)';$/gm;

/** A hash of a file and everything of this project that it imports, so that results can be kept until one of them changes. */
export function hashOfSources(entry: string): string {
  const hash = createHash('sha256');
  for (const file of sourcesOf(entry)) hash.update(readFileSync(file));
  return hash.digest('hex');
}

/** The files, in the same order each time. */
export function sourcesOf(entry: string): readonly string[] {
  const found = new Set<string>();
  const visit = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    for (const [, imported] of readFileSync(file, 'utf8').matchAll(imports))
      visit(path.resolve(path.dirname(file), imported!));
  };
  visit(entry);
  return [...found].sort();
}
