import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const project = path.resolve(import.meta.dirname, '../../..');
const notOurs = new Set(['node_modules', 'dist', 'artifacts', '.git', '.cache']);
const pages = findPages('.');

it('finds the documents', () => {
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/README.md']));
});

describe.each(pages)('%s', (page) => {
  it('links to files and headings that exist', () => {
    const links = [...readPage(page).matchAll(/\]\((?<link>[^)\s]+)\)/g)];
    const addresses = links.map(({ groups }) => groups?.['link'] ?? '');
    expect(addresses.filter((link) => isBroken(page, link))).toEqual([]);
  });
});

function findPages(folder: string): readonly string[] {
  return readdirSync(path.join(project, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) return notOurs.has(entry.name) ? [] : findPages(name);
    return entry.name.endsWith('.md') ? [name] : [];
  });
}

/** Without code blocks, in which brackets and hash signs mean something else. */
function readPage(page: string): string {
  return readFileSync(path.join(project, page), 'utf8').replaceAll(/^ *```.*?^ *```$/gms, '');
}

function isBroken(page: string, link: string): boolean {
  if (/^[a-z]+:/.test(link)) return false;
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? page : path.join(path.dirname(page), file);
  if (!existsSync(path.join(project, target))) return true;
  return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).includes(anchor);
}

/** As GitHub makes them of headings. */
function anchorsOf(page: string): readonly string[] {
  return [...readPage(page).matchAll(/^#+ (?<title>.*)$/gm)].map(({ groups }) =>
    (groups?.['title'] ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
}
