import { readFileSync } from 'node:fs';
import path from 'node:path';
import { project } from './made.ts';

const readme = readFileSync(path.join(project, 'README.md'), 'utf8');
const [, block] = /^## Install\n.*?^```sh\n(.*?)^```/ms.exec(readme) ?? [];
if (block === undefined) throw new Error('README.md: "## Install" has no block of shell commands');

/** The lines of the README's "Install", word for word, but for the remarks. */
export const allLines = block
  .trim()
  .split('\n')
  .map((line) => line.replace(/\s+#.*$/, ''));

const [byApt = '', byDnf = '', byCopy = '', byNode = ''] = allLines;
export const installLines = { byApt, byDnf, byCopy, byNode } as const;
