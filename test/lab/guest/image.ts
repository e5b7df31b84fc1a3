import type { Lab } from './lab.ts';
import { readBlock } from './readme-block.ts';

/** The archive that `npm run image` writes, below the project. */
export const archive = 'artifacts/image/thinpool-exporter.tar';

/** What the README says to type. */
export function readLines(lab: Lab): { readonly load: string; readonly run: string } {
  const [load = '', ...run] = readBlock(lab, 'docker load ').split('\n');
  return { load, run: run.join('\n') };
}

/** The same without some of its words and in the foreground, for one command. */
export function runOnce(line: string, without: string, command: string): string {
  const once = line
    .replace('-d --name thinpool-exporter --restart unless-stopped', '--rm')
    .replaceAll(/\\\n\s*/g, '');
  if (!once.includes(`${without} `)) throw new Error(`the README's docker run has no ${without}`);
  return `${once.replace(`${without} `, '')} ${command}`;
}
