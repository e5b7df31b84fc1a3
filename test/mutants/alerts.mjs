#!/usr/bin/env node
// Breaks the alert rules in one place at a time and says which breaks no case notices. A word chooses by name.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runMain } from '../../scripts/build/bundle.mjs';

const project = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const main = path.join(project, 'test/artifacts/alerts/mutants/main.ts');
await runMain(main, path.join(project, '.cache/mutants-alerts'), project);
