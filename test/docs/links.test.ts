import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

const project = join(import.meta.dirname, '..', '..');
const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: project, encoding: 'utf8' })
  .split('\n')
  .filter((page) => page !== '' && existsSync(join(project, page)));

/** Titles as GitHub makes addresses of them: letters, digits, hyphens; a second one of the same name ends in -1. */
function anchorsOf(page: string): readonly string[] {
  const text = readFileSync(join(project, page), 'utf8').replace(/^```.*?^```/gms, '');
  return [...text.matchAll(/^#+ (?<title>.*)$/gm)].map(({ groups }) =>
    (groups?.['title'] ?? '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function isBroken(page: string, link: string): boolean {
  if (/^[a-z]+:/.test(link)) return false;
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? page : normalize(join(dirname(page), file));
  if (!existsSync(join(project, target))) return true;
  return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).includes(anchor);
}

describe.each(pages)('%s', (page) => {
  it('links to files and headings that exist', () => {
    const text = readFileSync(join(project, page), 'utf8').replace(/^```.*?^```/gms, '');
    const links = [...text.matchAll(/\]\((?<link>[^)\s]+)\)/g)].map(({ groups }) => groups?.['link'] ?? '');
    expect(links.filter((link) => isBroken(page, link))).toEqual([]);
  });
});
