import { readFileSync } from 'node:fs';
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
  // npm runs `preNAME` before NAME.
  const names = Object.keys(scripts).filter((name) => !(name.startsWith('pre') && name.slice(3) in scripts));
  expect(described.toSorted()).toEqual(names.toSorted());
});
