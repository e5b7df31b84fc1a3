import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { lstatSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Entry,
  readArchive,
  type Unpacked,
  unpackRoot,
} from '../../../scripts/release/image/archive.ts';
import { buildImage, type Image } from '../../../scripts/release/image/build.ts';
import { describeWith } from '../../support/needs.ts';
import { unitEnvironment } from '../../support/unit.ts';

const project = path.join(import.meta.dirname, '../../..');
const cache = path.join(project, '.cache/image');
const root = path.join(cache, 'root');
const { version }: { version: string } = JSON.parse(readFileSync(path.join(project, 'package.json'), 'utf8'));

/** More would be something that got in by mistake. */
const bytesMax = { archive: 260e6, own: 150e6 };

describeWith(
  'root',
  'buildah',
  'debootstrap',
)('the image', () => {
  let image: Image;
  let unpacked: Unpacked;
  let entries: readonly Entry[];
  beforeAll(() => {
    image = buildImage({ project, cache }, (message) => console.log(message));
    unpacked = readArchive(image.archive, path.join(cache, 'archive'));
    unpackRoot(unpacked, root);
    entries = unpacked.layers.flatMap((layer) => layer.entries);
  }, 900_000);
  const pathsLike = (pattern: RegExp) =>
    entries.map(({ path: where }) => where).filter((where) => pattern.test(where));

  it('is small, and one layer on its base', () => {
    const { size } = statSync(image.archive);
    const layers = unpacked.layers.map(({ bytes }) => `${(bytes / 1e6).toFixed(1)} MB`);
    console.log(`${image.name}: ${(size / 1e6).toFixed(1)} MB, layers of ${layers.join(' and ')}`);
    expect(unpacked.layers).toHaveLength(2);
    expect(size).toBeLessThan(bytesMax.archive);
    expect(unpacked.layers.at(-1)?.bytes).toBeLessThan(bytesMax.own);
  });

  it('states its command, its labels and its health check', () => {
    expect(unpacked.config).toMatchObject({
      User: 'root',
      Entrypoint: ['thinpool-exporter'],
      Cmd: ['serve'],
      ExposedPorts: { '10058/tcp': {} },
      Labels: {
        'org.opencontainers.image.title': 'thinpool-exporter',
        'org.opencontainers.image.version': version,
        'org.opencontainers.image.licenses': 'Apache-2.0',
        'org.opencontainers.image.source': expect.stringMatching(/^https:/),
      },
    });
    expect(unpacked.config.Healthcheck?.Test.slice(0, 3)).toEqual(['CMD', 'node', '-e']);
    const set = Object.entries(unitEnvironment(project)).map(([name, value]) => `${name}=${value}`);
    expect(unpacked.config.Env?.filter((variable) => !variable.startsWith('PATH='))).toEqual(set);
  });

  it.each([
    [
      'settings and caches of npm',
      /(?:^|\/)(?:\.npmrc|\.npm|_cacache|\.node-gyp|node_modules|npm|npx|yarn|corepack)(?:\/|$)/,
    ],
    [
      'collectors, tests and git',
      /\.ts$|(?:^|\/)\.git(?:\/|$)|^build\/|^opt\/thinpool-exporter\/(?:src|scripts|test)/,
    ],
    ["apt's lists and packages", /^var\/(?:lib\/apt\/lists|cache\/apt)\/.*[^/]$/],
    ['logs', /^var\/log\/.*[^/]$/],
    [
      'keys and certificates of the machine that built it',
      /(?:\.key|\.p12|id_(?:rsa|ed25519)|ca-certificates\.crt)$|^root\/.*(?:history|\.ssh)/,
    ],
    ['what changes things: docker, dmeventd, sudo', /^usr\/(?:s?bin|local\/bin)\/(?:docker|dmeventd|sudo)$/],
  ])('holds no %s', (_, pattern) => {
    expect(pathsLike(pattern)).toEqual([]);
  });

  it('has no program that gives rights', () => {
    const found = execFileSync('find', [root, '-xdev', '-type', 'f', '-perm', '/6000'], { encoding: 'utf8' });
    expect(found).toBe('');
    // They are in the base; the scan would see them.
    const isSetuid = ({ mode }: Entry) => /^-..[sS]|^-.{5}[sS]/.test(mode);
    expect(unpacked.layers[0]?.entries.some(isSetuid)).toBe(true);
    expect(unpacked.layers[1]?.entries.filter(isSetuid)).toEqual([]);
  });

  it('has no file in its own layer that every user may write', () => {
    const writable = unpacked.layers[1]?.entries.filter(
      ({ mode }) => /^[-d].{7}w/.test(mode) && !mode.endsWith('t'),
    );
    expect(writable?.map(({ path: where }) => where)).toEqual([]);
  });

  it('runs the program that this tree builds', () => {
    const built = path.join(cache, 'main.js');
    execFileSync(process.execPath, [path.join(project, 'scripts/build/build.mjs'), built, '--minify']);
    expect(readFileSync(path.join(root, 'opt/thinpool-exporter/dist/main.js'), 'utf8')).toBe(
      readFileSync(built, 'utf8'),
    );
    expect(lstatSync(path.join(root, 'usr/local/bin/thinpool-exporter')).isSymbolicLink()).toBe(true);
    expect(inside(['thinpool-exporter', '--version']).stdout.trim()).toBe(version);
  });

  it('has the commands that the exporter calls', () => {
    for (const command of ['dmsetup', 'lvs', 'vgs', 'lvm', 'stat'])
      expect(inside(['sh', '-c', `command -v ${command}`]).stdout, command).toContain(command);
    expect(inside(['dmsetup', 'version']).stdout).toMatch(/Library version/);
  });

  it("gets nothing from LVM without the host's configuration", () => {
    const { status, stderr } = inside(['lvm', 'lvmconfig', '--type', 'full']);
    expect(status).not.toBe(0);
    expect(stderr).toContain('/etc/lvm/lvm.conf');
  });

  describe('its health check', () => {
    const ask = () => inside((unpacked.config.Healthcheck?.Test ?? []).slice(1)).status;

    it('is ill where nothing answers, and well while it serves', async () => {
      expect(ask()).toBe(1);
      const serving = spawn('chroot', [root, 'thinpool-exporter', 'serve'], {
        env: { PATH: insidePath },
        stdio: 'ignore',
      });
      try {
        let status: number | null = 1;
        for (let time = 0; time < 60 && status !== 0; time += 1) {
          await new Promise((resolve) => setTimeout(resolve, 500));
          status = ask();
        }
        expect(status).toBe(0);
      } finally {
        serving.kill('SIGTERM');
        await new Promise((resolve) => serving.once('exit', resolve));
      }
    }, 120_000);
  });
});

const insidePath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Runs a command with the image's files as its root. */
function inside(command: readonly string[]) {
  return spawnSync('chroot', [root, ...command], { encoding: 'utf8', env: { PATH: insidePath } });
}
