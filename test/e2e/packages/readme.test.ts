import { spawn } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { describeWith, itWith } from '../../support/needs.ts';
import { type DebianRoot, openDebianRoot } from './debian-root.ts';
import { made, needs, out, version } from './made.ts';
import { allLines, installLines } from './readme-lines.ts';
import { openRpmHost } from './rpm-host.ts';
import { pageOf } from './service.ts';

const { byApt, byDnf, byCopy, byNode } = installLines;

/** Each line of the README's "Install" that needs nothing but the artifacts, where a user would type it. */
describeWith(...needs)('the README', () => {
  let root: DebianRoot | undefined;
  afterEach(() => {
    root?.remove();
    root = undefined;
  });

  function type(host: DebianRoot, line: string, artifact: string): string {
    root = host;
    copyFileSync(artifact, path.join(host.folder, 'tmp', path.basename(artifact)));
    // The installers prompt for confirmation.
    host.run(`cd /tmp && yes | { ${line}; }`);
    return host.run('thinpool-exporter --version');
  }

  it('has no line that is not tried here', () => {
    expect(allLines.map((line) => line.split(' ')[0])).toEqual(['apt', 'dnf', 'install', 'node']);
  });

  it(`installs by: ${byApt}`, () => {
    expect(type(openDebianRoot('readme-apt'), byApt, made.deb)).toBe(`${version}\n`);
  });

  itWith('rpmbuild')(`installs by: ${byDnf}`, {}, () => {
    expect(type(openRpmHost('2.28'), byDnf, made.rpm)).toBe(`${version}\n`);
  });

  it(`installs by: ${byCopy}`, () => {
    expect(type(openDebianRoot('readme-copy'), byCopy, made.executable)).toBe(`${version}\n`);
  });

  it(`runs by: ${byNode}`, async () => {
    const [, ...words] = byNode.split(' ');
    const service = spawn(process.execPath, words, {
      cwd: out,
      env: { ...process.env, THINPOOL_WEB_LISTEN_ADDRESS: '127.0.0.1:0' },
    });
    try {
      const page = await pageOf(service);
      expect(page).toContain(`thinpool_exporter_build_info{version="${version}"`);
    } finally {
      service.kill('SIGTERM');
    }
  });
});
