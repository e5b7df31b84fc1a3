import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type Library, runtimeLibraries } from '../../../scripts/release/packages/licenses.ts';
import { describeWith } from '../../support/needs.ts';
import { made, needs, out, project, replay, version } from './made.ts';

describeWith(...needs)('a release', () => {
  it('has sums that hold', () => {
    execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: out, stdio: 'pipe' });
  });

  it('lists the libraries in it, and says nothing of where it was made', () => {
    const sbom = JSON.parse(readFileSync(made.sbom, 'utf8'));
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
    for (const file of [made.bundle, made.sbom]) expect(readFileSync(file, 'utf8')).not.toContain(project);
  });

  it.each([
    ['the bundle, with Node', [process.execPath, made.bundle]],
    ['the executable, without', [made.executable]],
  ] as const)('runs: %s', (_, [program, ...words]) => {
    const run = (...args: readonly string[]) =>
      spawnSync(program, [...words, ...args], { encoding: 'utf8', env: { PATH: '/nowhere' }, cwd: '/' });
    expect(run('--version').stdout).toBe(`${version}\n`);
    const check = run('check', '--replay', replay);
    expect(check.stdout).toContain('THINPOOL WARNING - pool docker-thinpool');
    expect(check.status).toBe(1);
  });
});
