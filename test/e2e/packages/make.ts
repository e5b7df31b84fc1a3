import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { isCi } from '../../support/needs.ts';
import { howToGet, unmet } from '../../support/tools.ts';
import { makeDebians } from './debian-root.ts';
import { needs, out, project } from './made.ts';

/** A release for all tests of it, and where they install it. */
export async function setup(): Promise<void> {
  const missing = unmet(needs);
  if (missing.length === 0) {
    const words = ['--import', 'tsx', 'scripts/release/packages/main.ts', '--quick', '--out', out];
    await Promise.all([makeDebians(), promisify(execFile)(process.execPath, words, { cwd: project })]);
  } else if (isCi) throw new Error(`needs ${missing.join(', ')}: ${howToGet(missing).join('; ')}`);
}
