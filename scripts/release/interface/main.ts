// Writes docs/interface/VERSION.json: what a release promises to those who use it. Part of making a release.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import packageJson from '../../../package.json' with { type: 'json' };
import { describeInterface } from './interface.ts';

const project = path.resolve(import.meta.dirname, '../../..');
const file = path.join(project, 'docs/interface', `${packageJson.version}.json`);
mkdirSync(path.dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify(describeInterface(), undefined, 2)}\n`);
process.stdout.write(`${path.relative(project, file)}\n`);
