import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Mutant, mutants } from '../mutants/exporter.ts';

const project = join(import.meta.dirname, '..', '..');

/** What keeps the mutant from being tried; undefined if nothing does. */
function staleness({ name, file, from, to, tests }: Mutant): string | undefined {
  const path = join(project, 'src', file);
  if (!existsSync(path)) return `mutant "${name}" changes src/${file}, which does not exist`;
  const times = readFileSync(path, 'utf8').split(from).length - 1;
  if (times !== 1)
    return `mutant "${name}" quotes code that occurs ${times} times in src/${file}, not once: ${from}`;
  if (from === to) return `mutant "${name}" changes nothing`;
  const gone = tests.find((test) => !existsSync(join(project, test)));
  return gone === undefined ? undefined : `mutant "${name}" runs ${gone}, which does not exist`;
}

it('reports a mutant whose code has changed, and one whose test is gone', () => {
  const mutant = { name: 'x', file: 'main.ts', from: 'no such code', to: '', tests: [] };
  expect(staleness(mutant)).toBe(
    'mutant "x" quotes code that occurs 0 times in src/main.ts, not once: no such code',
  );
  expect(staleness({ ...mutant, file: 'gone.ts' })).toContain('src/gone.ts, which does not exist');
});

it('every mutant of the exporter quotes code that occurs exactly once, and names tests that exist', () => {
  expect(mutants.flatMap((mutant) => staleness(mutant) ?? [])).toEqual([]);
});

it('no two mutants have the same name', () => {
  const names = mutants.map(({ name }) => name);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});
