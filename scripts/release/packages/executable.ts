import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inject } from 'postject';
import { bundleProgram } from '../../build/bundle.mjs';
import type { Release } from './release.ts';

/** Where Node looks for a program in itself (Node's documentation, "Single executable applications"). */
const resource = 'NODE_SEA_BLOB';
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** Node with the program in it. Returns where it is. */
export async function makeExecutable(release: Release, node: string): Promise<string> {
  const { project, work } = release;
  mkdirSync(work, { recursive: true });
  const main = path.join(work, 'main.cjs');
  bundleProgram(project, main, { format: 'cjs', minify: true, legalComments: 'none' });
  const blob = makeBlob(main, release);
  const executable = path.join(work, release.name);
  copyFileSync(node, executable);
  chmodSync(executable, 0o755);
  strip(executable, release);
  // After stripping: strip would take the blob for a note that it does not know.
  await quietly(() => inject(executable, resource, readFileSync(blob), { sentinelFuse: fuse }));
  return executable;
}

function makeBlob(main: string, { work, arch }: Release): string {
  const blob = path.join(work, 'program.blob');
  const config = path.join(work, 'sea-config.json');
  const settings = {
    main,
    output: blob,
    disableExperimentalSEAWarning: true,
    // Compiled code is of the machine that compiled it; it saves 10 MB that compiling would touch.
    useCodeCache: arch === process.arch,
  };
  writeFileSync(config, JSON.stringify(settings));
  execFileSync(process.execPath, ['--experimental-sea-config', config], { stdio: 'pipe' });
  return blob;
}

const strips = { x64: 'strip', arm64: 'aarch64-linux-gnu-strip' } as const;

/** Names for debuggers are an eighth of it. Without the tool it stays larger, and works the same. */
function strip(executable: string, { arch }: Release): void {
  const own = arch === process.arch ? 'strip' : strips[arch];
  try {
    execFileSync(own, ['--strip-all', executable], { stdio: 'pipe' });
  } catch (error) {
    console.warn(`not stripped: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** It warns of the names of notes, which stripping took away and nothing needs. */
async function quietly(run: () => Promise<void>): Promise<void> {
  const { warn, error, log } = console;
  const nothing = (): void => {};
  Object.assign(console, { warn: nothing, error: nothing, log: nothing });
  try {
    await run();
  } finally {
    Object.assign(console, { warn, error, log });
  }
}
