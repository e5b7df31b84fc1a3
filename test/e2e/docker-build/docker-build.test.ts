import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { makeBases, readBaseNames } from '../../../scripts/release/image/bases.ts';
import { buildah } from '../../../scripts/release/image/buildah.ts';
import { describeWith } from '../../support/needs.ts';
import { tool } from '../../support/tools.ts';

const project = path.join(import.meta.dirname, '../../..');
const places = { project, cache: path.join(project, '.cache/image') };
const { version }: { version: string } = JSON.parse(readFileSync(path.join(project, 'package.json'), 'utf8'));

const [, line = ''] =
  /`(docker build -t [^`]+)`/.exec(readFileSync(path.join(project, 'README.md'), 'utf8')) ?? [];

/** A daemon of its own, that keeps nothing. */
describeWith(
  'root',
  'docker',
  'dockerd',
  'containerd',
  'runc',
  'buildah',
  'debootstrap',
)('Docker itself', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'thinpool-docker-'));
  const env = { ...process.env, DOCKER_HOST: `unix://${folder}/docker.sock` };
  const docker = (words: string): string =>
    execFileSync('sh', ['-c', `docker ${words}`], {
      cwd: project,
      env,
      encoding: 'utf8',
      maxBuffer: 64 << 20,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  let daemon: ChildProcess;

  beforeAll(async () => {
    daemon = startDaemon(folder);
    await vi.waitFor(() => docker('version'), { timeout: 30_000, interval: 500 });
    // No registry is contacted: its bases are loaded under the names that it gives them.
    mkdirSync(places.cache, { recursive: true });
    const names = readBaseNames(readFileSync(path.join(project, 'Dockerfile'), 'utf8'));
    makeBases(places, names, () => {});
    for (const name of Object.values(names)) {
      const archive = path.join(folder, 'base.tar');
      buildah(places, ['push', '--quiet', name, `docker-archive:${archive}:${name}`]);
      docker(`load -i ${archive}`);
      rmSync(archive);
    }
  }, 600_000);

  afterAll(async () => {
    const ended = once(daemon, 'exit');
    daemon.kill('SIGTERM');
    await ended;
    spawnSync('umount', [path.join(folder, 'exec-root/netns/default')]);
    rmSync(folder, { recursive: true });
  }, 60_000);

  it(`builds by: ${line}`, () => {
    expect(line).toBe(`docker build -t thinpool-exporter:${version} .`);
    // The daemon has no bridge here.
    console.log(
      docker(line.replace(/^docker build/, 'build --network host'))
        .trim()
        .split('\n')
        .at(-1),
    );
    expect(docker(`run --rm --network none thinpool-exporter:${version} --version`)).toBe(`${version}\n`);
    const dmsetup = `run --rm --network none --entrypoint dmsetup thinpool-exporter:${version} --help`;
    expect(docker(`${dmsetup} 2>&1`)).toContain('Usage:');
  }, 900_000);

  it('finds what it runs healthy', async () => {
    docker(
      `run -d --name one --network host thinpool-exporter:${version} --web.listen-address=127.0.0.1:10058`,
    );
    const health = () => docker("inspect --format '{{.State.Health.Status}}' one").trim();
    await expect.poll(health, { timeout: 60_000, interval: 1000 }).toBe('healthy');
    docker('rm -f one');
  }, 90_000);
});

function startDaemon(folder: string): ChildProcess {
  const places = ['data-root', 'exec-root', 'pidfile'].map((name) => `--${name}=${path.join(folder, name)}`);
  const words = ['--bridge=none', '--iptables=false', `--host=unix://${folder}/docker.sock`, ...places];
  return spawn(tool('dockerd'), words, { stdio: 'ignore' });
}
