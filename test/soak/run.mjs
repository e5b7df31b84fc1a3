#!/usr/bin/env node
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runMain } from '../../scripts/build/bundle.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
await runMain(path.join(here, 'main.ts'), path.join(here, '../../.cache'));
