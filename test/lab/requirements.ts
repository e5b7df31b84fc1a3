import { existsSync, readFileSync } from 'node:fs';
import { machineSuite, type SuiteName } from './suites.ts';

const debian12 = '12';

/** Why the lab cannot run guests of these suites on this machine; empty when it can. */
export function missingRequirements(suites: readonly SuiteName[]): readonly string[] {
  const reasons: string[] = [];
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    reasons.push(`it boots an x86-64 Linux kernel; this is ${process.platform} ${process.arch}`);
  }
  if (process.getuid?.() !== 0)
    reasons.push('the guest reads the whole file system of this machine as root: run it as root');
  const isOther = suites.some((suite) => suite !== machineSuite);
  const tools = ['/usr/bin/apt-get', '/usr/bin/dpkg-deb'];
  for (const tool of isOther ? [...tools, '/usr/sbin/debootstrap', '/usr/sbin/mke2fs'] : tools) {
    if (!existsSync(tool)) reasons.push(`${tool} fetches the guest's kernel and tools, and is not here`);
  }
  if (debianVersion() !== debian12) {
    reasons.push(
      `its packages are those of Debian ${debian12}, beside this machine's own libraries: /etc/os-release differs`,
    );
  }
  return reasons;
}

function debianVersion(): string | undefined {
  if (!existsSync('/etc/os-release')) return undefined;
  const text = readFileSync('/etc/os-release', 'utf8');
  if (!/^ID=debian$/m.test(text)) return undefined;
  return /^VERSION_ID="(?<version>[^"]*)"$/m.exec(text)?.groups?.['version'];
}
