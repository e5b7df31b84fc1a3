import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

const wanted = [
  'user-mode-linux',
  'lvm2',
  'dmsetup',
  'dmeventd',
  'thin-provisioning-tools',
  'xfsprogs',
  'e2fsprogs',
  'busybox-static',
  'docker.io',
  'containerd',
  'runc',
  'prometheus',
  'prometheus-alertmanager',
  // What kubelet forwards ports with.
  'socat',
  // Compiles wide-registers.c, where the CPU needs it.
  'tcc',
];

/** Taken without what they depend on: of one the scenario `peers` runs a single script. */
const alone = ['prometheus-node-exporter-collectors'];

/** The guest's kernel and tools as a folder that lies above this machine's `/` in the guest. Nothing is installed. */
export function fetchTools(cache: string, say: (message: string) => void): string {
  const tools = path.join(cache, `tools-${fingerprint()}`);
  if (existsSync(tools)) return tools;
  say('fetching packages (once; kept in the cache)');
  const packages = path.join(cache, 'packages');
  mkdirSync(packages, { recursive: true });
  download(resolve(), packages);
  if (!readdirSync(cache).some((name) => name.startsWith('run-'))) removeOthers(cache);
  unpack(packages, tools);
  return tools;
}

/** The missing packages depend on the installed ones, so a change of either needs another folder. */
function fingerprint(): string {
  const installed = execFileSync('dpkg-query', ['-W'], { maxBuffer: 1 << 26 });
  return createHash('sha256')
    .update([...wanted, ...alone].join())
    .update(installed)
    .digest('hex')
    .slice(0, 12);
}

/** What apt would install for them, and they themselves: those already here must not be relied upon to stay. */
function resolve(): readonly string[] {
  const simulate = () => apt(['install', '--simulate', '--no-install-recommends', ...wanted]);
  let plan: string;
  try {
    plan = simulate();
  } catch {
    apt(['update']);
    plan = simulate();
  }
  const missing = [...plan.matchAll(/^Inst (?<name>\S+)/gm)].map((match) => match[1] ?? '');
  return [...new Set([...wanted, ...missing, ...alone])];
}

function download(packages: readonly string[], folder: string): void {
  // Without this apt warns that its own user cannot write here.
  const args = ['-o', 'APT::Sandbox::User=root', 'download', ...packages];
  try {
    apt(args, folder);
  } catch {
    apt(['update']);
    apt(args, folder);
  }
}

/** Half a gigabyte each; only called while no guest uses one. */
function removeOthers(cache: string): void {
  for (const name of readdirSync(cache).filter((entry) => entry.startsWith('tools-'))) {
    rmSync(path.join(cache, name), { recursive: true });
  }
}

function unpack(packages: string, tools: string): void {
  const staging = `${tools}.${process.pid}`;
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true });
  for (const file of readdirSync(packages).filter((name) => name.endsWith('.deb'))) {
    execFileSync('dpkg-deb', ['-x', path.join(packages, file), staging]);
    mergeUsr(staging);
  }
  try {
    renameSync(staging, tools);
  } catch (error) {
    // Another run has made them meanwhile.
    if (!existsSync(tools)) throw error;
    rmSync(staging, { recursive: true });
  }
}

/** Debian 12 has /bin and its like as links into /usr; a real folder of that name in an upper layer would hide the link. */
function mergeUsr(root: string): void {
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    const folder = path.join(root, name);
    if (!existsSync(folder)) continue;
    mkdirSync(path.join(root, 'usr', name), { recursive: true });
    execFileSync('cp', ['-a', `${folder}/.`, path.join(root, 'usr', name)]);
    rmSync(folder, { recursive: true });
  }
}

function apt(args: readonly string[], cwd = '/'): string {
  return execFileSync('apt-get', [...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
    maxBuffer: 1 << 26,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 600_000,
  });
}
