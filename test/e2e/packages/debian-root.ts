import { execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { tool } from '../../support/tools.ts';

const project = path.resolve(import.meta.dirname, '../../..');

/** A bare Debian with nothing of this machine in it: its own package database, its own processes. */
export interface DebianRoot {
  readonly folder: string;
  /** A shell script in it that has to succeed; its standard output. */
  readonly run: (script: string) => string;
  readonly start: (command: readonly string[]) => ReturnType<typeof spawn>;
  /** Every file, link and folder, but where package managers remember and log. */
  readonly list: () => readonly string[];
  readonly remove: () => void;
}

/** Kinds of them, by what they have besides. */
const kinds = {
  plain: ['dmsetup', 'libatomic1'],
  rpm: ['dmsetup', 'libatomic1', 'rpm', 'dnf'],
  // What the package needs is fetched when it is installed.
  host: ['systemd', 'ca-certificates'],
} as const;
type Kind = keyof typeof kinds;

interface Bare {
  readonly kind: Kind;
  readonly suite: string;
}

/** Makes what the roots are copied from: once, in a minute, and kept. */
export async function makeDebians(
  wanted: readonly Bare[] = [
    { kind: 'plain', suite: 'bookworm' },
    { kind: 'rpm', suite: 'bookworm' },
  ],
): Promise<void> {
  await Promise.all(wanted.filter((one) => !existsSync(folderOf(one))).map(makeBare));
}

export function openDebianRoot(name: string, kind: Kind = 'plain', suite = 'bookworm'): DebianRoot {
  const folder = path.join(project, '.cache/debian', `${name}-${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  execFileSync('cp', ['-a', folderOf({ kind, suite }), folder]);
  // A /proc of its own: a program cannot find itself without.
  const enter = ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', enterScript, 'sh', folder];
  return {
    folder,
    run: (script) =>
      execFileSync('unshare', [...enter, 'sh', '-euc', script], {
        encoding: 'utf8',
        env: inside,
        stdio: 'pipe',
      }),
    start: (command) => spawn('unshare', [...enter, ...command], { env: inside }),
    list: () => {
      const all = readdirSync(folder, { recursive: true, encoding: 'utf8' });
      return all.filter((entry) => !remembering.test(entry)).toSorted();
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Its root is a mount point: rpm 6 shuts a script off by a propagation of mounts that only such a one has. */
const enterScript =
  'mount --bind "$1" "$1" && mount -t proc proc "$1/proc" && root=$1 && shift && exec chroot "$root" "$@"';
const inside = {
  PATH: '/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  DEBIAN_FRONTEND: 'noninteractive',
};
const remembering = /^(?:var\/(?:lib\/(?:dpkg|apt|rpm|dnf)|log|cache)|proc|dev|tmp)(?:\/|$)/;

const folderOf = ({ kind, suite }: Bare) =>
  path.join(project, '.cache/debian', `${suite}-${kinds[kind].join('-')}`);

async function makeBare({ kind, suite }: Bare): Promise<void> {
  const folder = folderOf({ kind, suite });
  const staging = `${folder}.${process.pid}`;
  mkdirSync(staging, { recursive: true });
  const wanted = ['--variant=minbase', `--include=${kinds[kind].join(',')}`, suite, staging];
  // It mounts the /proc of this machine, which must not outlive it where someone removes the folder.
  const alone = ['--mount', tool('debootstrap'), ...wanted];
  await promisify(execFile)('unshare', alone, { maxBuffer: 1 << 26 }).catch(({ stdout }) => {
    throw new Error(`debootstrap failed: ${String(stdout).split('\n').slice(-5).join('\n')}`);
  });
  rmSync(path.join(staging, 'var/cache/apt/archives'), { recursive: true, force: true });
  renameSync(staging, folder);
}
