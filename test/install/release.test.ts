import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Library, runtimeLibraries } from '../../scripts/package/licenses.ts';
import { type DebianRoot, openDebianRoot, version, whyNoRoot } from './debian-root.ts';

const project = path.resolve(import.meta.dirname, '../..');
const out = path.join(project, '.cache/package-test');
const artifact = (name: string) => path.join(out, name);
const deb = artifact(`thinpool-exporter_${version}_amd64.deb`);
const executable = artifact(`thinpool-exporter-${version}-linux-x64`);
const bundle = artifact(`thinpool-exporter-${version}.mjs`);
const replay = path.join(project, 'test/hosts/lab-recipe');

const whyNot = process.arch === 'x64' ? whyNoRoot() : 'it takes an x64 machine';
if (whyNot !== undefined && process.env['CI'] === 'true')
  throw new Error(`the packages cannot be tried: ${whyNot}`);

describe.skipIf(whyNot !== undefined)('a release', () => {
  beforeAll(() => {
    execFileSync(process.execPath, [path.join(project, 'scripts/package.mjs'), '--quick', '--out', out], {
      cwd: project,
      stdio: 'pipe',
    });
  });

  it('has sums that hold', () => {
    execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: out, stdio: 'pipe' });
  });

  it('is what the README says', () => {
    const readme = readFileSync(path.join(project, 'README.md'), 'utf8');
    const named = [
      ...new Set(
        readme.match(/thinpool-exporter[-_]\d[\w.-]*\.(?:deb|mjs)|thinpool-exporter-\d[\w.]*-linux-x64/g),
      ),
    ];
    expect(named).toHaveLength(3);
    for (const name of named) expect(existsSync(artifact(name)), name).toBe(true);
  });

  it('lists the libraries in it, and says nothing of where it was made', () => {
    const sbom = JSON.parse(readFileSync(artifact(`thinpool-exporter-${version}.cdx.json`), 'utf8'));
    const names = sbom.components.map((one: Library) => `${one.name}@${one.version}`);
    const expected = runtimeLibraries(project).map((one) => `${one.name}@${one.version}`);
    expect(sbom.bomFormat).toBe('CycloneDX');
    expect(sbom.metadata.component).toMatchObject({
      name: 'thinpool-exporter',
      type: 'application',
      version,
    });
    expect(new Set(names)).toEqual(new Set(expected));
    expect(expected.some((name) => name.startsWith('yaml@'))).toBe(true);
    for (const file of [bundle, artifact(`thinpool-exporter-${version}.cdx.json`)])
      expect(readFileSync(file, 'utf8')).not.toContain(project);
  });

  it.each([
    ['the bundle, with Node', [process.execPath, bundle]],
    ['the executable, without', [executable]],
  ] as const)('runs: %s', (_, [program, ...words]) => {
    const run = (...args: readonly string[]) =>
      spawnSync(program, [...words, ...args], { encoding: 'utf8', env: { PATH: '/nowhere' }, cwd: '/' });
    expect(run('--version').stdout).toBe(`${version}\n`);
    const check = run('check', '--replay', replay);
    expect(check.stdout).toContain('THINPOOL CRITICAL - pool docker-thinpool');
    expect(check.status).toBe(2);
  });

  describe('in a bare Debian', () => {
    let root: DebianRoot;
    let before: readonly string[];
    const conffile = () => path.join(root.folder, 'etc/default/thinpool-exporter');

    beforeAll(() => {
      root = openDebianRoot('deb');
      cpSync(replay, path.join(root.folder, 'srv/host'), { recursive: true });
      before = root.list();
      copyFileSync(deb, path.join(root.folder, 'tmp/new.deb'));
      repack(deb, path.join(root.folder, 'tmp/old.deb'), '0.0.1');
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
        const port = await new Promise<string>((resolve, reject) => {
          let log = '';
          service.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
            log += chunk;
            const found = /listening.*127\.0\.0\.1:(\d+)/.exec(log)?.[1];
            if (found !== undefined) resolve(found);
          });
          service.once('exit', () => reject(new Error(`it ended: ${log}`)));
        });
        const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
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
