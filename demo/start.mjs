// Starts the bundled demo: an image has no bundler.
import './no-inspector.mjs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { main } from '../.cache/demo/main.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const project = path.resolve(here, '..');

process.exit(
  await main(process.argv.slice(2), {
    tools: path.join(here, 'tools'),
    kernelFiles: pathToFileURL(path.join(here, 'kernel-files.mjs')).href,
    exporter: path.join(project, 'dist/main.js'),
    supervisor: path.join(here, 'supervisor.mjs'),
    alerts: path.join(project, 'alerts'),
  }),
);
