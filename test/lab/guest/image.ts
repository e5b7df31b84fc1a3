import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Lab } from './lab.ts';

/** The archive that `npm run image` writes, below the project. */
export const archive = 'artifacts/image/thinpool-exporter.tar';

/** What the README says to type, as it stands there. */
export function readLines(lab: Lab): { readonly load: string; readonly run: string } {
  const readme = readFileSync(path.join(lab.project, 'README.md'), 'utf8');
  const block = /^```sh\n(?<load>docker load .*)\n(?<run>docker run -d [\s\S]*?)\n```$/m.exec(readme);
  const { load, run } = block?.groups ?? {};
  if (load === undefined || run === undefined)
    throw new Error('the README has no `docker load` and `docker run -d`');
  return { load, run };
}

/** The same without some of its words and in the foreground, for one command. */
export function runOnce(line: string, without: string, command: string): string {
  const once = line
    .replace('-d --name thinpool-exporter --restart unless-stopped', '--rm')
    .replaceAll(/\\\n\s*/g, '');
  if (!once.includes(`${without} `)) throw new Error(`the README's docker run has no ${without}`);
  return `${once.replace(`${without} `, '')} ${command}`;
}
