import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Lab } from './lab.ts';

/** The archive that `npm run image` writes, below the project. */
export const archive = 'artifacts/image/thinpool-exporter.tar';

/** Loads it under the name that the README gives it. */
export async function loadImage(lab: Lab): Promise<void> {
  const said = await lab.sh(`docker load -i ${path.join(lab.project, archive)}`, { timeoutMs: 600_000 });
  const name = /^Loaded image: (?<name>\S+)$/m.exec(said)?.groups?.['name'];
  if (name === undefined) throw new Error(`docker load said ${JSON.stringify(said)}`);
  await lab.sh(`docker tag ${name} thinpool-exporter`);
}

/** The README's `docker run`, as it stands there. */
export function readRunLine(lab: Lab): string {
  const readme = readFileSync(path.join(lab.project, 'README.md'), 'utf8');
  const line = /^```sh\n(?<line>docker run -d [\s\S]*?)\n```$/m.exec(readme)?.groups?.['line'];
  if (line === undefined) throw new Error('the README has no `docker run -d`');
  return line;
}

/** The same without some of its words and in the foreground, for one command. */
export function runOnce(line: string, without: string, command: string): string {
  const once = line
    .replace('-d --name thinpool-exporter --restart unless-stopped', '--rm')
    .replaceAll(/\\\n\s*/g, '');
  if (!once.includes(`${without} `)) throw new Error(`the README's docker run has no ${without}`);
  return `${once.replace(`${without} `, '')} ${command}`;
}
