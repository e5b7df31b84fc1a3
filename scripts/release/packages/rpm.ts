import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { archNames, type Release } from './release.ts';
import { configFile, layTree, type TreeInput } from './tree.ts';

/** Returns the file's name; undefined where there is no rpmbuild (Debian: package rpm). */
export function makeRpm(release: Release, input: Omit<TreeInput, 'zshFolder'>): string | undefined {
  if (!isInstalled('rpmbuild')) return undefined;
  const { work, name, version, arch, project, out, epoch } = release;
  const tree = path.join(work, 'rpm-tree');
  const top = path.join(work, 'rpm');
  const files = layTree(tree, release, { ...input, zshFolder: 'usr/share/zsh/site-functions' });
  rmSync(top, { recursive: true, force: true });
  mkdirSync(top, { recursive: true });
  const list = path.join(top, 'files');
  writeFileSync(
    list,
    [...ownFolders(files).map((folder) => `%dir /${folder}`), ...files.map(listed), ''].join('\n'),
  );
  const machine = archNames[arch].rpm;
  const settings = {
    _topdir: top,
    _tree: tree,
    _list: list,
    _version: version,
    _rpmdir: top,
    _dbpath: path.join(top, 'db'),
    _build_name_fmt: '%%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm',
    // RHEL 8 reads no zstd.
    _binary_payload: release.quick ? 'w.ufdio' : 'w6.xzdio',
    _buildhost: 'localhost',
    use_source_date_epoch_as_buildtime: '1',
    clamp_mtime_to_source_date_epoch: '1',
  };
  const defines = Object.entries(settings).flatMap(([key, value]) => ['--define', `${key} ${value}`]);
  const spec = path.join(project, 'deploy/packages/rpm', `${name}.spec`);
  execFileSync('rpmbuild', ['-bb', '--target', `${machine}-linux`, ...defines, spec], {
    env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch) },
    stdio: 'pipe',
  });
  const rpm = `${name}-${version}-1.${machine}.rpm`;
  copyFileSync(path.join(top, rpm), path.join(out, rpm));
  return rpm;
}

const listed = (file: string) => `${file === configFile ? '%config(noreplace) ' : ''}/${file}`;

/** What rpm takes away with the package when nothing is left in it. zsh's are there only where zsh is. */
function ownFolders(files: readonly string[]): readonly string[] {
  const folders = new Set(files.flatMap(foldersOf));
  return [...folders].filter((folder) => /^usr\/share\/zsh(?:\/|$)|\/thinpool-exporter(?:\/|$)/.test(folder));
}

function foldersOf(file: string): readonly string[] {
  const words = path.dirname(file).split('/');
  return words.map((_, index) => words.slice(0, index + 1).join('/'));
}

function isInstalled(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}
