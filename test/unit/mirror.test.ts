import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { coveredByGoldens, onlyTypes } from '../support/covered-by-goldens.ts';

const project = path.join(import.meta.dirname, '..', '..');
const files = readdirSync(path.join(project, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => `src/${file}`)
  .sort();
const listed = Object.values(coveredByGoldens).flat();

const mirrored = (file: string) => file.replace(/^src\//, 'test/unit/').replace(/\.ts$/, '.test.ts');
const isThere = (file: string) => existsSync(path.join(project, file));
const textOf = (file: string) => readFileSync(path.join(project, file), 'utf8');

/** They start the built program, which no import shows. */
const runsProgram = (test: string) => test.startsWith('test/e2e/');

/** Everything of ours that a file imports, directly or through others. */
function reachableFrom(file: string, seen = new Set<string>()): ReadonlySet<string> {
  seen.add(file);
  for (const [, target = ''] of textOf(file).matchAll(/(?:from|import\() ?'(\.[^']+\.ts)'/g)) {
    const next = path.posix.join(path.posix.dirname(file), target);
    if (!seen.has(next) && isThere(next)) reachableFrom(next, seen);
  }
  return seen;
}

describe('every file of src', () => {
  it('has a test at its mirrored path, or names what covers it', () => {
    const known = new Set([...listed, ...onlyTypes]);
    expect(files.filter((file) => !isThere(mirrored(file)) && !known.has(file))).toEqual([]);
  });
});

describe('the list of files without a test of their own', () => {
  it('names files that exist, once, and none that has a test', () => {
    const all = [...listed, ...onlyTypes];
    expect(all.filter((file, at) => !files.includes(file) || all.indexOf(file) !== at)).toEqual([]);
    expect(all.filter((file) => isThere(mirrored(file)))).toEqual([]);
  });

  it.each(Object.entries(coveredByGoldens))('names in %s a test that reaches its files', (test, covered) => {
    expect(isThere(test)).toBe(true);
    const reached = reachableFrom(test);
    expect(covered.filter((file) => !runsProgram(test) && !reached.has(file))).toEqual([]);
  });

  it('calls only types what has nothing to run', () => {
    const runs = /^(?:export )?(?:async )?(?:const|let|function|class) |^[a-z]\w*[.(]/m;
    expect(onlyTypes.filter((file) => runs.test(textOf(file)))).toEqual([]);
  });
});
