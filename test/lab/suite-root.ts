import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { GuestRoot } from './guest-root.ts';
import type { machineSuite, SuiteName } from './suites.ts';

export type OtherSuite = Exclude<SuiteName, typeof machineSuite>;

const wanted = [
  'user-mode-linux',
  'lvm2',
  'dmsetup',
  'thin-provisioning-tools',
  'xfsprogs',
  'e2fsprogs',
  'busybox-static',
  'procps',
  'iproute2',
  'kmod',
  'curl',
  'jq',
  'perl-base',
  // promtool reads the metrics page.
  'prometheus',
];

/** What scenarios of that suite alone run. */
const besides: Readonly<Record<OtherSuite, readonly string[]>> = {
  bullseye: ['docker.io'],
  trixie: ['dmeventd', 'containerd', 'runc', 'incus-base', 'incus-client'],
  sid: ['dmeventd'],
};

/** Sparse: a fraction of it is used on this machine. */
const imageSize = '6G';
/** Its script mounts this machine's files below /lab-host, and leaves the rest to the lab's own. */
const enter = '#!/bin/sh\nmount -t hostfs none /lab-host && exec /bin/sh "/lab-host$LAB_INIT"\n';
const libraries = 'usr/lib/x86_64-linux-gnu';

/** The image of a suite's files, with its kernel beside it. Made by debootstrap the first time; remove it to renew it. */
export function fetchSuite(suite: OtherSuite, cache: string, say: (message: string) => void): GuestRoot {
  const packages = [...wanted, ...besides[suite]];
  const hash = createHash('sha256')
    .update([...packages, imageSize, enter].join())
    .digest('hex')
    .slice(0, 12);
  const folder = path.join(cache, `${suite}-${hash}`);
  if (!existsSync(folder)) make(suite, packages, folder, say);
  return openRoot(suite, folder);
}

/**
 * The image stays as it was made: what a guest writes goes to a file of that guest. The kernel of a newer suite needs that
 * suite's C library, which it sees in a mount namespace of its own in the place of this machine's.
 */
function openRoot(suite: OtherSuite, folder: string): GuestRoot {
  const start = 'mount --bind "$1" "$2" && shift 2 && exec "$@"';
  const kernel = path.join(folder, 'kernel');
  return {
    command: [
      ...['unshare', '--mount', 'sh', '-c', start, 'sh'],
      ...[path.join(kernel, 'lib'), `/${libraries}`, path.join(kernel, 'linux.uml')],
    ],
    words: (run) => [
      `ubdp=${path.join(run, 'root.cow')},${path.join(folder, 'root.img')}`,
      ...['root=/dev/ubdp', 'rootfstype=ext4', 'rw', 'init=/lab-enter', `LAB_SUITE=${suite}`],
    ],
  };
}

function make(
  suite: OtherSuite,
  packages: readonly string[],
  folder: string,
  say: (message: string) => void,
): void {
  say(`installing ${suite} (once; kept in the cache)`);
  const staging = `${folder}.${process.pid}`;
  const root = path.join(staging, 'root');
  mkdirSync(root, { recursive: true });
  try {
    debootstrap(suite, packages, root);
    for (const place of ['lab-host', 'out']) mkdirSync(path.join(root, place));
    writeFileSync(path.join(root, 'lab-enter'), enter, { mode: 0o755 });
    copyKernel(root, path.join(staging, 'kernel'));
    execFileSync('mke2fs', ['-q', '-t', 'ext4', '-d', root, path.join(staging, 'root.img'), imageSize]);
    rmSync(root, { recursive: true });
    renameSync(staging, folder);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** It mounts the /proc of this machine, which must not outlive it: hence a mount namespace. */
function debootstrap(suite: OtherSuite, packages: readonly string[], root: string): void {
  const args = ['--variant=minbase', `--include=${packages.join()}`, suite, root, ...mirror()];
  try {
    execFileSync('unshare', ['--mount', 'debootstrap', ...args], { maxBuffer: 1 << 26, stdio: 'pipe' });
  } catch (error) {
    const { stdout, message } = error as Error & { stdout?: Buffer };
    throw new Error(`debootstrap ${suite}: ${stdout?.toString().trim().split('\n').at(-1) ?? message}`);
  }
  for (const useless of [
    'var/cache/apt',
    'var/lib/apt/lists',
    'usr/share/doc',
    'usr/share/locale',
    'usr/share/man',
  ])
    rmSync(path.join(root, useless), { recursive: true, force: true });
}

/** The one that apt of this machine takes Debian from; else debootstrap has one of its own. */
function mirror(): readonly string[] {
  const format = ['--format', '$(REPO_URI)', 'Created-By: Packages', 'Label: Debian'];
  const lines = execFileSync('apt-get', ['indextargets', ...format], { encoding: 'utf8' });
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .slice(0, 1);
}

function copyKernel(root: string, folder: string): void {
  mkdirSync(path.join(folder, 'lib'), { recursive: true });
  copyFileSync(path.join(root, 'usr/bin/linux.uml'), path.join(folder, 'linux.uml'));
  const from = path.join(root, libraries);
  const needed = /^(?:ld-linux-x86-64|lib(?:c|dl|gcc_s|pthread|rt|util))\.so\.\d$/;
  for (const name of readdirSync(from).filter((entry) => needed.test(entry)))
    copyFileSync(path.join(from, name), path.join(folder, 'lib', name));
}
