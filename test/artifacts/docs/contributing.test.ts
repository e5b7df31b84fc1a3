import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const project = path.resolve(import.meta.dirname, '../../..');
const [, rows = ''] = readFileSync(path.join(project, 'CONTRIBUTING.md'), 'utf8').split('## Scripts\n');
const { scripts } = JSON.parse(readFileSync(path.join(project, 'package.json'), 'utf8'));

it('CONTRIBUTING.md has a row for every npm script, and for no other', () => {
  const cells = [...rows.matchAll(/^\| (?<names>`[^|]*) \|/gm)].map(({ groups }) => groups?.['names'] ?? '');
  const described = cells
    .filter((names) => !names.includes('npm run'))
    .flatMap((names) => names.replaceAll('`', '').split(', '));
  expect(described.toSorted()).toEqual(Object.keys(scripts).toSorted());
});

it('no document names an npm script that does not exist', () => {
  const pages = readdirSync(path.join(project, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`);
  for (const page of [
    ...pages,
    'README.md',
    'CONTRIBUTING.md',
    'test/lab/README.md',
    'test/alert-quality/README.md',
  ]) {
    const text = readFileSync(path.join(project, page), 'utf8');
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);
    expect(Object.keys(scripts), page).toEqual(expect.arrayContaining(named));
  }
});
