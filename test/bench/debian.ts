import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';

export interface DebianProgram {
  readonly file: string;
  /** Folder of its libraries; absent if it is installed. */
  readonly libraries?: string;
}

/** A program of Debian: an installed one, or fetched into the cache; nothing is installed. The first package contains it. */
export function findProgram(
  cache: string,
  installed: string,
  packages: readonly [string, ...string[]],
): DebianProgram {
  if (existsSync(installed)) return { file: installed };
  const folder = path.join(cache, packages[0]);
  const file = path.join(folder, installed);
  const libraries = path.join(folder, 'lib/x86_64-linux-gnu');
  if (existsSync(file)) return { file, libraries };
  mkdirSync(folder, { recursive: true });
  execFileSync('apt-get', ['-o', 'APT::Sandbox::User=root', 'download', ...packages], {
    cwd: folder,
    stdio: 'ignore',
  });
  for (const archive of readdirSync(folder).filter((name) => name.endsWith('.deb')))
    execFileSync('dpkg-deb', ['-x', path.join(folder, archive), folder]);
  return { file, libraries };
}
