import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { archNames, type Release } from './release.ts';
import { configFile, layTree, type TreeInput } from './tree.ts';

/** Returns the file's name. */
export function makeDeb(release: Release, input: Omit<TreeInput, 'zshFolder'>): string {
  const root = path.join(release.work, 'deb');
  const files = layTree(root, release, { ...input, zshFolder: 'usr/share/zsh/vendor-completions' });
  const control = path.join(root, 'DEBIAN');
  mkdirSync(control);
  writeFileSync(path.join(control, 'control'), renderControl(release, root, files));
  writeFileSync(path.join(control, 'conffiles'), `/${configFile}\n`);
  for (const script of ['postinst', 'prerm', 'postrm']) {
    copyFileSync(path.join(release.project, 'deploy/packages/deb', script), path.join(control, script));
    chmodSync(path.join(control, script), 0o755);
  }
  const deb = `${release.name}_${release.version}_${archNames[release.arch].deb}.deb`;
  // Not zstd: Debian's own dpkg reads it only since 12.
  const compression = release.quick ? ['-Znone'] : ['-Zxz'];
  execFileSync(
    'dpkg-deb',
    ['--root-owner-group', ...compression, '--build', root, path.join(release.out, deb)],
    {
      env: { ...process.env, SOURCE_DATE_EPOCH: String(release.epoch) },
      stdio: 'pipe',
    },
  );
  return deb;
}

function renderControl(release: Release, root: string, files: readonly string[]): string {
  const bytes = files.reduce((sum, file) => sum + lstatSync(path.join(root, file)).size, 0);
  const fields = {
    Package: release.name,
    Version: release.version,
    Architecture: archNames[release.arch].deb,
    Maintainer: 'thinpool-exporter <thinpool-exporter@users.noreply.github.com>',
    'Installed-Size': String(Math.ceil(bytes / 1024)),
    // What Node's official build is linked with.
    Depends: 'libc6 (>= 2.28), libstdc++6 (>= 5), libatomic1, dmsetup, init-system-helpers',
    // Not recommended: lvm2 would bring its daemons to hosts whose pools are not LVM's.
    Suggests: 'lvm2, prometheus',
    Section: 'net',
    Priority: 'optional',
    Homepage: 'https://github.com/thinpool-exporter/thinpool-exporter',
    Description: `${release.description.split(':')[0]}\n ${release.description}.`,
  };
  return Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
}
