import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import path from 'node:path';

/** A missing tool is a failure in CI, where a skipped test would seem to have passed. */
export const isCi = process.env['CI'] !== undefined;

const cache = path.resolve(import.meta.dirname, '../../.cache');
const kubernetes = path.join(cache, 'kubernetes');

interface Tool {
  /** What `apt-get install` has to bring on Debian, or a command of this repository. */
  readonly packages?: readonly string[];
  readonly command?: string;
  /** Its other names, and files that are tried before PATH. */
  readonly names?: readonly string[];
  readonly files?: readonly string[];
  /** What it cannot do without. */
  readonly libraries?: readonly string[];
}

/** A program of a package that `npm run tools -- monitoring` has unpacked. */
const unpacked = (folder: string, name: string): Tool => ({
  command: 'npm run tools -- monitoring',
  files: [path.join(cache, 'monitoring', folder, 'usr/bin', name)],
});

/** Programs that tests run and that neither npm nor a bare Debian brings. */
const tools = {
  alertmanager: {
    packages: ['prometheus-alertmanager'],
    names: ['prometheus-alertmanager', 'alertmanager'],
  },
  'alertmanager-sid': unpacked('alertmanager', 'prometheus-alertmanager'),
  amtool: { packages: ['prometheus-alertmanager'] },
  'amtool-sid': unpacked('alertmanager', 'amtool'),
  buildah: { packages: ['buildah'] },
  chromium: {
    packages: ['chromium', 'fonts-dejavu-core'],
    names: ['chromium', 'chromium-browser', 'google-chrome'],
  },
  containerd: { packages: ['containerd'] },
  curl: { packages: ['curl'] },
  debootstrap: { packages: ['debootstrap'] },
  docker: { packages: ['docker.io'] },
  dockerd: { packages: ['docker.io'] },
  helm: { command: 'npm run tools', files: [path.join(kubernetes, 'helm')] },
  kubectl: { command: 'npm run tools', files: [path.join(kubernetes, 'kubectl')] },
  mandoc: { packages: ['mandoc'] },
  openssl: { packages: ['openssl'] },
  prometheus: { packages: ['prometheus'] },
  'prometheus-2.53': unpacked('prometheus-2.53', 'prometheus'),
  'prometheus-3': unpacked('prometheus-3', 'prometheus'),
  promtool: { packages: ['prometheus'] },
  'promtool-2.53': unpacked('prometheus-2.53', 'promtool'),
  'promtool-3': unpacked('prometheus-3', 'promtool'),
  'qemu-aarch64': {
    packages: ['qemu-user', 'libc6-arm64-cross', 'libstdc++6-arm64-cross', 'libatomic1-arm64-cross'],
    libraries: ['libc.so.6', 'libstdc++.so.6', 'libatomic.so.1'].map(
      (name) => `/usr/aarch64-linux-gnu/lib/${name}`,
    ),
  },
  rpmbuild: { packages: ['rpm'] },
  runc: { packages: ['runc'] },
  'systemd-analyze': { packages: ['systemd'] },
  'systemd-socket-activate': { packages: ['systemd'] },
  'victoria-metrics': unpacked('victoria-metrics', 'victoria-metrics'),
  'victoria-metrics-1.79': unpacked('victoria-metrics-1.79', 'victoria-metrics'),
  vmagent: unpacked('victoria-metrics', 'vmagent'),
  'vmagent-1.79': unpacked('victoria-metrics-1.79', 'vmagent'),
  vmalert: unpacked('victoria-metrics', 'vmalert'),
  'vmalert-1.79': unpacked('victoria-metrics-1.79', 'vmalert'),
} satisfies Readonly<Record<string, Tool>>;

export type ToolName = keyof typeof tools;

interface Condition {
  readonly holds: () => boolean;
  readonly how: string;
  /** Whether a CI machine without it is set up wrongly. */
  readonly inCi: boolean;
}

/** What else a test can need of its machine. */
export const conditions = {
  root: { holds: () => process.getuid?.() === 0, how: 'run the tests as root', inCi: true },
  x64: { holds: () => process.arch === 'x64', how: 'take an x86-64 machine', inCi: true },
  'Debian 12': { holds: isDebian12, how: 'take a machine with Debian 12', inCi: true },
  'packages for the lab': {
    holds: () => canFetchLab(),
    how: 'let apt-get reach a mirror of Debian',
    inCi: true,
  },
  'sid for the lab': {
    holds: () => canFetchLab('--on', 'sid'),
    how: 'install debootstrap, and let apt-get reach a mirror that has Debian unstable',
    // Some mirrors lack it, and on some days it cannot be installed.
    inCi: false,
  },
  IPv6: { holds: hasIPv6, how: 'enable IPv6 on the loopback device', inCi: false },
} as const satisfies Readonly<Record<string, Condition>>;

export type Need = ToolName | keyof typeof conditions;

/** The tool as a program to spawn. Where it is missing, its first name: what is guarded by `describeWith` is never run. */
export function tool(name: ToolName): string {
  const { names = [name] }: Tool = tools[name];
  return findTool(name) ?? names[0] ?? name;
}

export function findTool(name: ToolName, searchPath = process.env['PATH'] ?? ''): string | undefined {
  const { names = [name], files = [], libraries = [] }: Tool = tools[name];
  if (!libraries.every((file) => existsSync(file))) return undefined;
  const onPath = names.flatMap((alias) =>
    searchPath.split(path.delimiter).map((folder) => path.join(folder, alias)),
  );
  return [...files, ...onPath].find((file) => path.isAbsolute(file) && isExecutable(file));
}

/** Those of the needs that this machine does not meet. */
export function unmet(needs: readonly Need[]): readonly Need[] {
  return needs.filter((need) => (isTool(need) ? findTool(need) === undefined : !conditions[need].holds()));
}

/** How to get what is missing: one `apt-get install` for all packages, then commands and conditions. */
export function howToGet(needs: readonly Need[]): readonly string[] {
  const wanted: readonly Tool[] = needs.filter(isTool).map((name) => tools[name]);
  const packages = [...new Set(wanted.flatMap((one) => one.packages ?? []))];
  const install =
    packages.length > 0 ? [`apt-get install --no-install-recommends ${packages.join(' ')}`] : [];
  const commands = wanted.flatMap((one) => one.command ?? []);
  const others = needs.flatMap((need) => (isTool(need) ? [] : conditions[need].how));
  return [...new Set([...install, ...commands, ...others])];
}

/** What a machine lacks, and how to get it, in one sentence. */
export function explainMissing(missing: readonly Need[]): string {
  return `needs ${missing.join(', ')}: ${howToGet(missing).join('; ')}`;
}

/** The end of the name of what is skipped, for people and for the reporter that counts it. */
export const needsPattern = /\[needs (?<needs>[^\]]+)\]/;
export const needing = (name: string, missing: readonly string[]): string =>
  `${name} [needs ${missing.join(', ')}]`;

/** Output of a program that is to succeed. */
export function run(program: string, args: readonly string[], cwd?: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, [...args], {
    encoding: 'utf8',
    cwd,
    maxBuffer: 1 << 28,
  });
  if (status !== 0)
    throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? ''}${stdout}${stderr}`);
  return `${stdout}${stderr}`;
}

/** Every promtool to hold files against: that of Debian 12, of the last Prometheus 2, and of Prometheus 3. */
export const promtools = ['promtool', 'promtool-2.53', 'promtool-3'] as const satisfies readonly ToolName[];

export function isTool(need: Need): need is ToolName {
  return Object.hasOwn(tools, need);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isDebian12(): boolean {
  if (!existsSync('/etc/os-release')) return false;
  const text = readFileSync('/etc/os-release', 'utf8');
  return /^ID=debian$/m.test(text) && /^VERSION_ID="12"$/m.test(text);
}

/** Without a network, the lab has what it fetched before. Prints why it cannot fetch more. */
function canFetchLab(...words: readonly string[]): boolean {
  const lab = path.resolve(import.meta.dirname, '../lab/run.mjs');
  const stdio = ['ignore', 'ignore', 'inherit'] as const;
  return spawnSync(process.execPath, [lab, '--fetch', ...words], { stdio: [...stdio] }).status === 0;
}

function hasIPv6(): boolean {
  return Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));
}
