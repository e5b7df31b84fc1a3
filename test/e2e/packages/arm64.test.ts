import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { out, project, replay, version, whyNot } from './made.ts';
import { pageOf } from './service.ts';

/** Debian's packages qemu-user, libc6-arm64-cross and libstdc++6-arm64-cross. */
const machine = ['qemu-aarch64', '-L', '/usr/aarch64-linux-gnu'] as const;
const lacks = [
  spawnSync(machine[0], ['-version']).error === undefined ? [] : machine[0],
  ['libc.so.6', 'libstdc++.so.6'].filter((name) => !existsSync(path.join(machine[2], 'lib', name))),
].flat();
const whyNotArm = whyNot ?? (lacks.length === 0 ? undefined : `missing: ${lacks.join(', ')}`);
if (whyNotArm !== undefined && process.env['CI'] === 'true')
  throw new Error(`arm64 cannot be tried: ${whyNotArm}`);

/** Not on such a machine, but by its instructions. */
describe.skipIf(whyNotArm !== undefined)('the executable for arm64', () => {
  const folder = path.join(out, 'arm64');
  const [emulator, ...words] = [
    ...machine,
    path.join(folder, `thinpool-exporter-${version}-linux-arm64`),
  ] as const;

  beforeAll(() => {
    const make = [
      path.join(project, 'scripts/release/packages/run.mjs'),
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
    expect(stdout).toContain('THINPOOL CRITICAL - pool docker-thinpool');
    expect(status).toBe(2);
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
