import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { makeDebians } from './debian-root.ts';
import { out, project, whyNot } from './made.ts';

/** A release for all tests of it, and where they install it. */
export function setup(): void {
  if (whyNot === undefined) {
    makeDebians();
    const words = [path.join(project, 'scripts/package.mjs'), '--quick', '--out', out];
    execFileSync(process.execPath, words, { cwd: project, stdio: 'pipe' });
  } else if (process.env['CI'] === 'true') throw new Error(`the packages cannot be tried: ${whyNot}`);
  else console.warn(`the packages are not tried: ${whyNot}`);
}
