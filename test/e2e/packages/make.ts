import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { makeDebians } from './debian-root.ts';
import { out, project, whyNot } from './made.ts';

/** A release for all tests of it, and where they install it. */
export async function setup(): Promise<void> {
  if (whyNot === undefined) {
    const words = [path.join(project, 'scripts/release/packages/run.mjs'), '--quick', '--out', out];
    await Promise.all([makeDebians(), promisify(execFile)(process.execPath, words, { cwd: project })]);
  } else if (process.env['CI'] === 'true') throw new Error(`the packages cannot be tried: ${whyNot}`);
  else console.warn(`the packages are not tried: ${whyNot}`);
}
