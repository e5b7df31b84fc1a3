#!/usr/bin/env node
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { runMain } from '../../build/bundle.mjs';

const project = path.resolve(import.meta.dirname, '../../..');
const cache = path.join(project, '.cache/image');
mkdirSync(cache, { recursive: true });
await runMain(path.join(project, 'scripts/release/image/main.ts'), cache, { project, cache });
