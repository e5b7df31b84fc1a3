import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../../support/needs.ts';
import { type DebianRoot, openDebianRoot } from './debian-root.ts';
import { made, needs, out, replay, version } from './made.ts';
import { pageOf } from './service.ts';

describeWith(...needs)('the .deb, in a bare Debian', () => {
  let root: DebianRoot;
  let before: readonly string[];
  const conffile = () => path.join(root.folder, 'etc/default/thinpool-exporter');

  beforeAll(() => {
    root = openDebianRoot('deb');
    cpSync(replay, path.join(root.folder, 'srv/host'), { recursive: true });
    before = root.list();
    copyFileSync(made.deb, path.join(root.folder, 'tmp/new.deb'));
    repack(made.deb, path.join(root.folder, 'tmp/old.deb'), '0.0.1');
  });
  afterAll(() => root?.remove());

  it('installs, enabled, with its man page', () => {
    root.run('dpkg -i /tmp/old.deb');
    expect(root.run('dpkg-query -s thinpool-exporter')).toMatch(
      /install ok installed[\s\S]*Version: 0\.0\.1\n/,
    );
    const link = 'etc/systemd/system/multi-user.target.wants/thinpool-exporter.service';
    expect(root.list()).toContain(link);
    expect(root.run('gzip -dc /usr/share/man/man8/thinpool-exporter.8.gz')).toMatch(/^\.TH THINPOOL/);
  });

  it('is upgraded, and what was changed stays', () => {
    writeFileSync(conffile(), 'THINPOOL_LOG_LEVEL=warn\n');
    root.run('dpkg -i --force-confdef /tmp/new.deb');
    expect(root.run('thinpool-exporter --version')).toBe(`${version}\n`);
    expect(readFileSync(conffile(), 'utf8')).toBe('THINPOOL_LOG_LEVEL=warn\n');
  });

  it('answers without Node', async () => {
    expect(() => root.run('command -v node')).toThrow();
    const address = '127.0.0.1:0';
    const service = root.start([
      'thinpool-exporter',
      '--replay',
      '/srv/host',
      '--web.listen-address',
      address,
    ]);
    try {
      const page = await pageOf(service);
      expect(page).toContain(`thinpool_exporter_build_info{version="${version}"`);
    } finally {
      service.kill('SIGKILL');
    }
  });

  it('leaves nothing when it is purged', () => {
    root.run('dpkg --remove thinpool-exporter');
    expect(existsSync(conffile())).toBe(true);
    root.run('dpkg --purge thinpool-exporter');
    expect(root.list()).toEqual(before);
  });
});

/** The same package under another version, with an older default of its configuration. */
function repack(from: string, to: string, as: string): void {
  const folder = path.join(out, 'repacked');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  execFileSync('dpkg-deb', ['-R', from, folder]);
  const control = path.join(folder, 'DEBIAN/control');
  writeFileSync(control, readFileSync(control, 'utf8').replace(/^Version: .*$/m, `Version: ${as}`));
  writeFileSync(path.join(folder, 'etc/default/thinpool-exporter'), '# an older default\n');
  execFileSync('dpkg-deb', ['--root-owner-group', '-Znone', '-b', folder, to], { stdio: 'pipe' });
}
