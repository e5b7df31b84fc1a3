#!/usr/bin/env node
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runMain } from '../../scripts/build/bundle.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const project = path.resolve(here, '../..');
const cache = path.join(project, '.cache/bench');
await runMain(path.join(here, 'main.ts'), path.join(project, '.cache'), { project, cache });
