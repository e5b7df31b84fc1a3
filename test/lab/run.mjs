#!/usr/bin/env node
// Node 20 cannot run TypeScript, and the guest cannot wait for a compiler: both halves of the lab are bundled here.
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleForNode } from '../../scripts/build/bundle.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const project = path.resolve(here, '../..');
const cache = path.resolve(process.env.THINPOOL_LAB_CACHE ?? path.join(project, '.cache/lab'));
// The cache may be shared: another checkout's run must not change the agent between here and the guest's boot.
const bundle = path.join(cache, `bundle-${process.pid}`);
const host = path.join(bundle, 'host.mjs');
const agent = path.join(bundle, 'agent.mjs');

mkdirSync(cache, { recursive: true });
bundleForNode({ entryPoints: [path.join(here, 'main.ts')], outfile: host });
bundleForNode({ entryPoints: [path.join(here, 'guest/agent.ts')], outfile: agent });

const { main } = await import(pathToFileURL(host).href);
const places = { project, cache, agent, init: path.join(here, 'guest/init.sh') };
const exitCode = await main(process.argv.slice(2), places).finally(() =>
  rmSync(bundle, { recursive: true, force: true }),
);
process.exit(exitCode);
