import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedPages } from '../../../scripts/docs/runbook-index.ts';
import { alerts } from '../../../src/alerting/names.ts';
import { rules } from '../../../src/rules/evaluate.ts';
import { runbookScenarios } from '../../lab/scenarios/runbooks.ts';
import { readBlocks } from '../../support/runbook.ts';
import { changing } from '../../support/shell.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'docs', 'runbooks');
const pages = readdirSync(folder).map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }));
const alertPages = pages.filter(({ file }) => file.startsWith('ThinPool'));
const blocks = pages.flatMap(({ file, text }) => readBlocks(file, text));

const headings = [
  'Meaning',
  'Impact',
  'Which case is it',
  'What to do now',
  'What not to do',
  'How to prevent',
] as const;
const screen = { lines: 70, columns: 121 } as const;

it('has one page for each alert, the shared ones, and no other', () => {
  const expected = [
    ...Object.keys(alerts).map((name) => `${name}.md`),
    ...Object.keys(sharedPages),
    'README.md',
  ];
  expect(pages.map(({ file }) => file).sort()).toEqual(expected.sort());
});

describe.each(alertPages)('$file', ({ file, text }) => {
  it('has the headings of all, in their order', () => {
    expect([...text.matchAll(/^#+ .*$/gm)].map(([heading]) => heading)).toEqual([
      `# ${file.replace('.md', '')}`,
      ...headings.map((heading) => `## ${heading}`),
    ]);
  });

  it('says something under each', () => {
    const parts = text.split(/^## .*\n/m).slice(1);
    expect(parts.map((part) => part.trim()).filter((part) => part === '')).toEqual([]);
  });

  it('is one screen', () => {
    expect(text.split('\n').length).toBeLessThan(screen.lines);
  });

  it('names every finding that raises the alert', () => {
    const its = rules.filter(({ alert }) => `${alert}.md` === file);
    expect(its.map(({ code }) => code).filter((code) => !text.includes(`\`${code}\``))).toEqual([]);
  });
});

describe.each(pages)('$file, as any page', ({ text }) => {
  it('has lines that a terminal shows, but for tables', () => {
    const long = text.split('\n').filter((line) => !line.startsWith('|') && line.length > screen.columns);
    expect(long).toEqual([]);
  });

  it('links to what is there', () => {
    const links = [...text.matchAll(/\]\((?<link>[^)]+)\)/g)].map(({ groups }) => groups?.['link'] ?? '');
    expect(links.filter((link) => !isThere(link))).toEqual([]);
  });

  it('contains no status command that would write the metadata', () => {
    const commands = text
      .split('\n')
      .filter((line) => /^\s*(?:timeout \d+ )?dmsetup (?:status|ls --target)/.test(line));
    expect(commands.filter((line) => !line.includes('--noflush'))).toEqual([]);
  });
});

describe('commands', () => {
  it('that change something are tried in the lab, or the page says why not', () => {
    const silent = blocks
      .filter(({ text, tried }) => changing(text).length > 0 && tried === undefined)
      .filter(({ untried, after }) => !(untried && /[Nn]ot tried by us: \S/.test(after)));
    expect(silent.map(({ page, text }) => `${page}: ${changing(text).join('; ')}`)).toEqual([]);
  });

  it('that are marked as tried are those that the lab tries', () => {
    const marked = new Set(blocks.flatMap(({ tried }) => tried ?? []));
    const tried = new Set<string>(runbookScenarios.flatMap((scenario) => scenario.blocks));
    expect([...tried].sort()).toEqual([...marked].sort());
  });

  it('are the same wherever they have the same name', () => {
    const first = new Map<string, string>();
    const differing = blocks.filter(({ tried, text }) => {
      if (tried === undefined) return false;
      if (!first.has(tried)) first.set(tried, text);
      return first.get(tried) !== text;
    });
    expect(differing.map(({ page, tried }) => `${tried} in ${page}`)).toEqual([]);
  });

  it('that only read come back: bounded if they query the kernel, LVM or a daemon', () => {
    const output = blocks.filter(({ text }) => changing(text).length === 0);
    const unbounded = output.flatMap(({ page, text }) =>
      text
        .split('\n')
        .filter((line) => /^(?:dmsetup (?!splitname)|lvs|vgs|pvs|docker|curl(?! -sm ))/.test(line))
        .map((line) => `${page}: ${line}`),
    );
    expect(unbounded).toEqual([]);
  });

  it('are all found: every fence is shell or what a command prints', () => {
    const fences = pages.flatMap(({ text }) => [...text.matchAll(/^ *```.*$/gm)].map(([fence]) => fence));
    expect([...new Set(fences)].sort()).toEqual(['```', '```sh']);
    expect(blocks.length).toBe(fences.filter((fence) => fence === '```sh').length);
  });
});

function isThere(link: string): boolean {
  const [file = '', anchor] = link.split('#');
  if (file.startsWith('../')) return existsSync(join(folder, file));
  const page = pages.find((one) => one.file === file);
  if (page === undefined) return false;
  const anchors = [...page.text.matchAll(/^#+ (?<title>.*)$/gm)].map(({ groups }) =>
    (groups?.['title'] ?? '')
      .toLowerCase()
      .replace(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-'),
  );
  return anchor === undefined || anchors.includes(anchor);
}
