#!/usr/bin/env node
// The program as npm publishes it: needs only Node. The types are checked by `npm run types`.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleProgram } from './bundle.mjs';

const project = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const [outfile = path.join(project, 'dist/main.js')] = process.argv.slice(2);

bundleProgram(project, outfile, { legalComments: 'eof' });
