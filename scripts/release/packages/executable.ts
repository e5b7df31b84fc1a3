import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundleProgram } from '../../build/bundle.mjs';
import { fetchOwnNode } from './node-release.ts';
import type { Release } from './release.ts';

/** Node with the program in it (Node's documentation, "Single executable applications"). Returns where it is. */
export function makeExecutable(release: Release, node: string): string {
  const { project, work, arch } = release;
  mkdirSync(work, { recursive: true });
  const main = path.join(work, 'main.cjs');
  bundleProgram(project, main, { format: 'cjs', minify: true, legalComments: 'none' });
  const stripped = path.join(work, 'node');
  copyFileSync(node, stripped);
  chmodSync(stripped, 0o755);
  // Before the program is in it: strip would take that for a note that it does not know.
  strip(stripped, release);
  const executable = path.join(work, release.name);
  const config = path.join(work, 'sea-config.json');
  const settings = {
    main,
    executable: stripped,
    output: executable,
    disableExperimentalSEAWarning: true,
    // Compiled code is of the machine that compiled it; it saves 10 MB that compiling would touch.
    useCodeCache: arch === process.arch,
  };
  writeFileSync(config, JSON.stringify(settings));
  execFileSync(fetchOwnNode(project), ['--build-sea', config], { stdio: 'pipe' });
  return executable;
}

const strips = { x64: 'strip', arm64: 'aarch64-linux-gnu-strip' } as const;

/** Names for debuggers are a fifth of it. Without the tool it stays larger, and works the same. */
function strip(executable: string, { arch }: Release): void {
  const own = arch === process.arch ? 'strip' : strips[arch];
  try {
    execFileSync(own, ['--strip-all', executable], { stdio: 'pipe' });
  } catch (error) {
    console.warn(`not stripped: ${error instanceof Error ? error.message : String(error)}`);
  }
}
