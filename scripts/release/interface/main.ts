import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describeInterface } from './interface.ts';

export async function main(_argv: readonly string[], project: string): Promise<number> {
  const { version } = JSON.parse(readFileSync(path.join(project, 'package.json'), 'utf8'));
  const file = path.join(project, 'docs/interface', `${version}.json`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(describeInterface(), undefined, 2)}\n`);
  process.stdout.write(`${path.relative(project, file)}\n`);
  return 0;
}
