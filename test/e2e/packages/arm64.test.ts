import { execFileSync, spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { describeWith } from '../../support/needs.ts';
import { tool } from '../../support/tools.ts';
import { needs, out, project, replay, version } from './made.ts';
import { pageOf } from './service.ts';

const machine = [tool('qemu-aarch64'), '-L', '/usr/aarch64-linux-gnu'] as const;

/** Not on such a machine, but by its instructions. */
describeWith(...needs, 'qemu-aarch64')('the executable for arm64', () => {
  const folder = path.join(out, 'arm64');
  const [emulator, ...words] = [
    ...machine,
    path.join(folder, `thinpool-exporter-${version}-linux-arm64`),
  ] as const;

  beforeAll(() => {
    const make = [
      ...['--import', 'tsx', 'scripts/release/packages/main.ts'],
      '--arch',
      'arm64',
      '--quick',
      '--out',
      folder,
    ];
    execFileSync(process.execPath, make, { cwd: project, stdio: 'pipe' });
  });

  it('judges a host', () => {
    const { stdout, status } = spawnSync(emulator, [...words, 'check', '--replay', replay], {
      encoding: 'utf8',
    });
    expect(stdout).toContain('THINPOOL WARNING - pool docker-thinpool');
    expect(status).toBe(1);
  });

  it('serves', async () => {
    const service = spawn(emulator, [...words, '--replay', replay, '--web.listen-address=127.0.0.1:0']);
    try {
      const page = await pageOf(service);
      expect(page).toContain(`thinpool_exporter_build_info{version="${version}"`);
    } finally {
      service.kill('SIGKILL');
    }
  });

  it('is in packages for such machines', () => {
    const deb = path.join(folder, `thinpool-exporter_${version}_arm64.deb`);
    const rpm = path.join(folder, `thinpool-exporter-${version}-1.aarch64.rpm`);
    const say = (program: string, ...args: readonly string[]) =>
      execFileSync(program, args, { encoding: 'utf8' });
    expect(say('dpkg-deb', '--field', deb, 'Architecture')).toBe('arm64\n');
    expect(say('rpm', '-qp', '--qf', '%{ARCH}', rpm)).toBe('aarch64');
  });
});
