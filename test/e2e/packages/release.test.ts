import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type Library, runtimeLibraries } from '../../../scripts/release/packages/licenses.ts';
import { describeWith } from '../../support/needs.ts';
import { made, needs, out, project, replay, version } from './made.ts';
import { pageOf } from './service.ts';

const programs = [
  ['the bundle, with Node', [process.execPath, made.bundle]],
  ['the executable, without', [made.executable]],
] as const;

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

  it.each(programs)('opens no inspector at SIGUSR1: %s', async (_, [program, ...words]) => {
    const args = [...words, 'serve', '--replay', replay, '--web.listen-address=127.0.0.1:0'];
    const service = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    service.stderr.on('data', (chunk) => {
      log += chunk;
    });
    try {
      await pageOf(service);
      for (let signal = 0; signal < 3; signal += 1) {
        service.kill('SIGUSR1');
        await pause(200);
      }
      expect(log).not.toMatch(/debugger|inspector/i);
    } finally {
      service.kill('SIGTERM');
    }
    const [code] = await once(service, 'exit');
    expect(code).toBe(0);
  });

  it.each(programs)('runs: %s', (_, [program, ...words]) => {
    const run = (...args: readonly string[]) =>
      spawnSync(program, [...words, ...args], { encoding: 'utf8', env: { PATH: '/nowhere' }, cwd: '/' });
    expect(run('--version').stdout).toBe(`${version}\n`);
    const check = run('check', '--replay', replay);
    expect(check.stdout).toContain('THINPOOL WARNING - pool docker-thinpool');
    expect(check.status).toBe(1);
  });
});
