// What the program has in it besides code: dashboards, runbooks, and the simulated tools of the demo. Each group is packed,
// because few runs of the program need any of it.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { renderMarkdown } from './markdown.mjs';

/** The value of EMBEDDED in src/embedded.ts. */
export function embeddedFiles(project) {
  const read = (folder, isWanted) =>
    readdirSync(path.join(project, folder), { withFileTypes: true })
      .filter((entry) => entry.isFile() && isWanted(entry.name))
      .map(({ name }) => [name, readFileSync(path.join(project, folder, name), 'utf8')])
      .sort(([one], [other]) => (one < other ? -1 : 1));
  const runbooks = read('docs/runbooks', (name) => name.endsWith('.md')).map(([name, markdown]) => [
    name.replace(/\.md$/, ''),
    { markdown, html: renderMarkdown(markdown, name === 'README.md' ? fromList : fromRunbook) },
  ]);
  return {
    dashboards: pack(read('dashboards', (name) => /^thinpool-.*\.json$/.test(name))),
    runbooks: pack(runbooks),
    tools: pack(read('demo/tools', () => true)),
  };
}

const docs = 'https://github.com/thinpool-exporter/thinpool-exporter/blob/main/docs';

/** The list is at /runbooks, a runbook at /runbooks/NAME. */
const fromList = (target) => resolveLink(target, 'runbooks/');
const fromRunbook = (target) => resolveLink(target, '');

/** Runbooks link to each other, and to documents that the program does not have. */
function resolveLink(target, base) {
  const page = /^(?<name>[\w-]+)\.md(?<anchor>#.*)?$/.exec(target)?.groups;
  if (page !== undefined)
    return page.name === 'README' ? '../runbooks' : `${base}${page.name}${page.anchor ?? ''}`;
  if (target.startsWith('#')) return target;
  if (target.startsWith('../')) return `${docs}/${target.slice(3)}`;
  return target.startsWith('https://') ? target : undefined;
}

function pack(entries) {
  return brotliCompressSync(JSON.stringify(Object.fromEntries(entries))).toString('base64');
}
