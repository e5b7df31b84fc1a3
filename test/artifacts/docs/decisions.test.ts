import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '..', '..', '..', 'docs', 'decisions');
const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
const decisions = readdirSync(folder).filter((file) => file !== 'README.md');

it('are numbered without gap or repetition', () => {
  expect(decisions.map((file) => Number(file.slice(0, 4))).sort((a, b) => a - b)).toEqual(
    decisions.map((_, index) => index + 1),
  );
});

it('are all in the index, with their titles', () => {
  const rows = [...read('README.md').matchAll(/^\| \[(?<title>.*?)\]\((?<file>.*?)\) \| .+ \|$/gm)];
  const expected = decisions.map((file) => [`${file.slice(0, 4)} ${titleOf(file)}`, file]);
  expect(rows.map(({ groups }) => [groups?.['title'], groups?.['file']])).toEqual(expected.sort());
});

describe.each(['README.md', ...decisions])('%s', (file) => {
  it('links to what is there', () => {
    const links = [...read(file).matchAll(/\]\((?<link>[^)#]+)/g)].map(
      ({ groups }) => groups?.['link'] ?? '',
    );
    expect(links.filter((link) => !existsSync(join(folder, link)))).toEqual([]);
  });
});

function titleOf(file: string): string {
  return /^# (?<title>.*)$/m.exec(read(file))?.groups?.['title'] ?? '';
}
