#!/usr/bin/env node
// Everything that a release consists of, in artifacts/package: `npm run package`, `npm run package -- --help`.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runMain } from '../../build/bundle.mjs';

const project = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
await runMain(
  path.join(project, 'scripts/release/packages/main.ts'),
  path.join(project, '.cache/package'),
  project,
);
