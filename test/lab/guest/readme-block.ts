import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Lab } from './lab.ts';

/** What the README says to type, as it stands there: the block that begins with these words. */
export function readBlock(lab: Lab, beginning: string): string {
  const readme = readFileSync(path.join(lab.project, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/^```sh\n([\s\S]*?)\n```$/gm)].map(([, block = '']) => block);
  const found = blocks.find((block) => block.startsWith(beginning));
  if (found === undefined) throw new Error(`the README has no \`${beginning.trim()}\``);
  return found;
}
