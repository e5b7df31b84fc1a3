import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tool } from '../../support/tools.ts';
import { type DebianRoot, openDebianRoot } from './debian-root.ts';
import { out } from './made.ts';

/**
 * rpm and dnf in a Debian, as no host of theirs can be had from Debian's packages. What such a host has is in the
 * database by a package with nothing in it, so that what ours needs is really resolved; `glibc` is the host's.
 */
export function openRpmHost(glibc: string, suite?: string): DebianRoot {
  const root = openDebianRoot(`rpm-${glibc}`, 'rpm', suite);
  copyFileSync(standIn(glibc), path.join(root.folder, 'tmp/host.rpm'));
  // Until Debian 12, rpm wants to be forced on a Debian; from 13 on, it no longer knows the option.
  root.run('rpm -i --force-debian /tmp/host.rpm 2>/dev/null || rpm -i /tmp/host.rpm');
  return root;
}

const provides = (glibc: string) => [
  '/bin/sh',
  'device-mapper',
  'systemd',
  'libstdc++',
  'libatomic',
  `glibc = ${glibc}`,
];

function standIn(glibc: string): string {
  const top = path.join(out, 'rpm-host');
  mkdirSync(top, { recursive: true });
  const spec = path.join(top, 'host.spec');
  writeFileSync(
    spec,
    `Name: host
Version: 1
Release: 1
Summary: What a host has
License: none
BuildArch: noarch
${provides(glibc)
  .map((one) => `Provides: ${one}`)
  .join('\n')}
%description
What a host has.
%files
`,
  );
  const defines = Object.entries({ _topdir: top, _rpmdir: top, _dbpath: path.join(top, 'db') });
  execFileSync(
    tool('rpmbuild'),
    ['-bb', ...defines.flatMap(([key, value]) => ['--define', `${key} ${value}`]), spec],
    { stdio: 'pipe' },
  );
  return path.join(top, 'noarch/host-1-1.noarch.rpm');
}
