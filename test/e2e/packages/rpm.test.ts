import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeRelease } from '../../../scripts/release/packages/release.ts';
import { makeRpm } from '../../../scripts/release/packages/rpm.ts';
import { describeWith } from '../../support/needs.ts';
import type { DebianRoot } from './debian-root.ts';
import { made, needs, out, project, version } from './made.ts';
import { openRpmHost } from './rpm-host.ts';

describeWith(...needs, 'rpmbuild')('the .rpm, by rpm', () => {
  let root: DebianRoot;
  let before: readonly string[];
  const config = () => path.join(root.folder, 'etc/default/thinpool-exporter');

  beforeAll(() => {
    root = openRpmHost('2.28');
    before = root.list();
    copyFileSync(made.rpm, path.join(root.folder, 'tmp/new.rpm'));
    copyFileSync(older(), path.join(root.folder, 'tmp/old.rpm'));
  });
  afterAll(() => root?.remove());

  it('installs what the .deb does, and starts nothing', () => {
    root.run('rpm -i --force-debian /tmp/old.rpm');
    expect(root.run('rpm -q thinpool-exporter')).toBe('thinpool-exporter-0.0.1-1.x86_64\n');
    expect(root.run('rpm --verify thinpool-exporter')).toBe('');
    for (const file of [
      'usr/bin/thinpool-exporter',
      'usr/lib/systemd/system/thinpool-exporter.service',
      'usr/share/man/man8/thinpool-exporter.8.gz',
      'usr/share/zsh/site-functions/_thinpool-exporter',
    ])
      expect(existsSync(path.join(root.folder, file)), file).toBe(true);
    expect(root.list().filter((file) => file.startsWith('etc/systemd/'))).toEqual(
      before.filter((file) => file.startsWith('etc/systemd/')),
    );
  });

  it('is upgraded, and what was changed stays', () => {
    writeFileSync(config(), 'THINPOOL_LOG_LEVEL=warn\n');
    root.run('rpm -U --force-debian /tmp/new.rpm');
    expect(root.run('thinpool-exporter --version')).toBe(`${version}\n`);
    expect(readFileSync(config(), 'utf8')).toBe('THINPOOL_LOG_LEVEL=warn\n');
  });

  it('leaves nothing but what was changed', () => {
    root.run('rpm -e --force-debian thinpool-exporter');
    const left = root.list().filter((file) => !before.includes(file));
    expect(left).toEqual(['etc/default/thinpool-exporter.rpmsave']);
  });
});

describeWith(...needs, 'rpmbuild')('the .rpm, on a host of glibc 2.17', () => {
  let root: DebianRoot;
  beforeAll(() => {
    root = openRpmHost('2.17');
    copyFileSync(made.rpm, path.join(root.folder, 'tmp/new.rpm'));
  });
  afterAll(() => root?.remove());

  it('is refused, as Node would not start', () => {
    expect(() => root.run('rpm -i --force-debian /tmp/new.rpm')).toThrow(/glibc >= 2\.28 is needed/);
    expect(existsSync(path.join(root.folder, 'usr/bin/thinpool-exporter'))).toBe(false);
  });
});

/** The same under another version. */
function older(): string {
  const folder = path.join(out, 'older');
  mkdirSync(folder, { recursive: true });
  const release = describeRelease(project, { arch: 'x64', quick: true, version: '0.0.1', out: folder });
  const name = makeRpm(release, { executable: made.executable, licenses: '', nodeLicense: made.sbom });
  return path.join(folder, `${name}`);
}
