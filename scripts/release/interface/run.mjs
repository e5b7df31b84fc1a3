#!/usr/bin/env node
// Writes docs/interface/VERSION.json: what a release promises to those who use it. Part of making a release.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runMain } from '../../build/bundle.mjs';

const project = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
await runMain(
  path.join(project, 'scripts/release/interface/main.ts'),
  path.join(project, '.cache/interface'),
  project,
);
