import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { carriedNode } from '../carried-node.ts';
import { fetchNode } from '../packages/node-release.ts';
import type { Arch } from '../packages/release.ts';
import { buildah, type Places, run } from './buildah.ts';

const suite = 'trixie';
const mirror = 'http://deb.debian.org/debian';
const sources = [
  `deb ${mirror} ${suite} main`,
  `deb ${mirror} ${suite}-updates main`,
  `deb ${mirror}-security ${suite}-security main`,
].join('\n');

/** Removed as the official slim image does it; apt's lists belong to no package. */
const ballast = [
  'usr/share/doc',
  'usr/share/man',
  'usr/share/locale',
  'var/cache/apt',
  'var/lib/apt/lists',
  'var/log',
];

/** The images that the Dockerfile names in FROM, by the name of their argument. */
export interface BaseNames {
  readonly debian: string;
  readonly node: string;
}

export function readBaseNames(dockerfile: string): BaseNames {
  const argument = (name: string) => {
    const value = new RegExp(`^ARG ${name}=(?<value>\\S+)$`, 'm').exec(dockerfile)?.groups?.['value'];
    if (value === undefined) throw new Error(`the Dockerfile has no ARG ${name}`);
    return value;
  };
  return { debian: argument('BASE_IMAGE'), node: argument('NODE_IMAGE') };
}

/**
 * Stand-ins for the two base images, under their names, where no registry can be reached: Debian by debootstrap, and on
 * top of it the Node that releases carry. Made once; kept until Node or this recipe changes.
 */
export function makeBases(places: Places, names: BaseNames, say: (message: string) => void): void {
  const recipe = JSON.stringify([names, carriedNode, suite, mirror, sources, ballast, 2]);
  const stamp = path.join(places.cache, 'bases');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === recipe) return;
  rmSync(stamp, { force: true });
  const root = path.join(places.cache, 'debian');
  rmSync(root, { recursive: true, force: true });
  say('Debian, by debootstrap');
  run('debootstrap', ['--variant=minbase', suite, root, mirror]);
  trim(root);
  say(`an image ${names.debian}`);
  commitRoot(places, root, names.debian);
  addNode(root, fetchNode(places.project, process.arch as Arch).binary);
  say(`an image ${names.node}, with Node`);
  commitRoot(places, root, names.node, [`NODE_EXTRA_CA_CERTS=${certificates}`]);
  rmSync(root, { recursive: true, force: true });
  writeFileSync(stamp, recipe);
}

function trim(root: string): void {
  for (const folder of ballast) run('find', [path.join(root, folder), '-mindepth', '1', '-delete']);
  writeFileSync(path.join(root, 'etc/apt/sources.list'), `${sources}\n`);
}

const certificates = '/etc/ssl/certs/ca-certificates.crt';

/**
 * Where the official image has them. The machine's certificates and settings of npm reach the stage that builds, and no
 * further.
 */
function addNode(root: string, node: string): void {
  const local = path.join(root, 'usr/local');
  const npm = run('npm', ['root', '--global']).trim();
  copyFileSync(node, path.join(local, 'bin/node'));
  // Its own image brings the library along too; ours has to install it.
  copyFileSync(libatomic(node), path.join(local, 'lib/libatomic.so.1'));
  run('chroot', [root, '/sbin/ldconfig']);
  cpSync(path.join(npm, 'npm'), path.join(local, 'lib/node_modules/npm'), { recursive: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', path.join(local, 'bin/npm'));
  if (existsSync(certificates)) {
    mkdirSync(path.join(root, 'etc/ssl/certs'), { recursive: true });
    copyFileSync(certificates, path.join(root, certificates));
  }
  const settings = path.join(homedir(), '.npmrc');
  if (existsSync(settings)) copyFileSync(settings, path.join(root, 'root/.npmrc'));
}

function libatomic(node: string): string {
  const found = /libatomic\.so\.1 => (?<file>\/\S+)/.exec(run('ldd', [node]))?.groups?.['file'];
  if (found === undefined)
    throw new Error('Node.js needs libatomic.so.1, which this machine lacks: apt-get install libatomic1');
  return found;
}

function commitRoot(places: Places, root: string, name: string, env: readonly string[] = []): void {
  const container = buildah(places, ['from', 'scratch']).trim();
  try {
    buildah(places, ['copy', '--quiet', container, root, '/']);
    const variables = env.flatMap((variable) => ['--env', variable]);
    buildah(places, ['config', '--cmd', 'bash', ...variables, container]);
    buildah(places, ['commit', '--quiet', '--format', 'docker', container, name]);
  } finally {
    buildah(places, ['rm', container]);
  }
}
