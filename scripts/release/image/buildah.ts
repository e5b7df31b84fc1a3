import { execFileSync } from 'node:child_process';
import path from 'node:path';

export interface Places {
  readonly project: string;
  /** What is kept between builds: base images, and buildah's storage. */
  readonly cache: string;
}

/** Runs buildah with a storage of its own, for which no daemon, kernel feature or registry is needed. */
export function buildah({ cache }: Places, args: readonly string[], cwd?: string): string {
  const storage = [
    ...['--root', path.join(cache, 'storage'), '--runroot', path.join(cache, 'run')],
    ...['--storage-driver', 'vfs'],
  ];
  return run('buildah', [...storage, ...args], cwd);
}

/** Throws with what the program said. Its output is far smaller than the limit. */
export function run(program: string, args: readonly string[], cwd?: string): string {
  try {
    return execFileSync(program, [...args], {
      ...(cwd === undefined ? {} : { cwd }),
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
      maxBuffer: 256 << 20,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 900_000,
    });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new Error(`${program} ${args.join(' ')}: ${said.slice(-2000) || String(error)}`, { cause: error });
  }
}
