import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { config, renderConfig } from '../../../src/cli/config.ts';
import { load } from '../../../src/config/load.ts';
import { collectors } from '../config/collectors.ts';
import { runCommand } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'config-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Files = Readonly<Record<string, string>>;

function start(argv: readonly string[], files: Files = {}, environment: Files = {}) {
  const loaded = load({ argv, environment, readText: (path) => files[path] ?? '', collectors });
  if (loaded.kind !== 'run') throw new Error(JSON.stringify(loaded));
  return loaded;
}

describe('config', () => {
  it('names the origin of every value', () => {
    const { settings } = start(
      ['--log.level=debug', '--config.file=c.yaml'],
      { 'c.yaml': 'web:\n  listen-address: [":1", "[::1]:2"]\ncollector.lvm: off\n' },
      { THINPOOL_VOLUMES_MAX: '7' },
    );
    const lines = renderConfig(settings)
      .split('\n')
      .map((line) => line.replaceAll(/ {2,}/g, '  '));
    expect(lines).toContain('# config.file: c.yaml  # flag --config.file');
    expect(lines).toContain('# replay:  # no value');
    expect(lines).toContain('web.listen-address: ":1,[::1]:2"  # file c.yaml:2');
    expect(lines).toContain('log.level: debug  # flag --log.level');
    expect(lines).toContain('volumes.max: 7  # environment THINPOOL_VOLUMES_MAX');
    expect(lines).toContain('# minimum-free:  # no value');
    expect(lines).toContain('collector.lvm.mode: off  # file c.yaml:3: collector.lvm');
    expect(lines).toContain('collector.lvm.interval: 1m  # default');
  });

  it('aligns the origins', () => {
    const [, ...lines] = renderConfig(start([]).settings).trimEnd().split('\n');
    const columns = lines.map((line) => line.lastIndexOf('# '));
    expect(new Set(columns).size).toBe(1);
  });

  it.each([
    ['defaults', []],
    [
      'odd values',
      [
        '--minimum-free=10%,a#b: "c\'\\é=5%',
        '--web.listen-address=[::1]:10058,:0',
        '--collector.docker=off',
        '--log.format=json',
        '--volumes.max=0010',
      ],
    ],
  ])('can be loaded back: %s', (_, argv) => {
    const before = start(argv);
    const after = start(['--config.file=out.yaml'], { 'out.yaml': renderConfig(before.settings) });
    expect({ ...after.config, configFile: undefined }).toEqual(before.config);
  });
});

describe('config --check', () => {
  const check = (argv: readonly string[], files: Files = {}, environment: Files = {}) =>
    runCommand(config, ['config', '--check', ...argv], {
      environment,
      readText: (path) => files[path] ?? '',
    });

  it('says nothing about what is valid', async () => {
    const argv = ['--config.file=c.yaml', '--web.listen-address=:1', '--alertmanager.url=http://a:9093'];
    expect(await check(argv, { 'c.yaml': 'nearly-full.warning: 70\n' })).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
  });

  it('reports everything that is wrong in the files that options name', async () => {
    const web = join(folder, 'web.yml');
    const credentials = join(folder, 'credentials');
    writeFileSync(web, 'basic_auth_users:\n  a: plain\nnonsense: 1\n');
    writeFileSync(credentials, 'nothing');
    const { code, stdout, stderr } = await check([
      `--web.config.file=${web}`,
      '--alertmanager.url=http://a:9093',
      `--alertmanager.basic-auth-file=${credentials}`,
      `--alertmanager.ca-file=${join(folder, 'none')}`,
    ]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringContaining(`${web}:3: nonsense: unknown field`),
      expect.stringContaining(`${web}:2: basic_auth_users`),
      '--alertmanager.basic-auth-file: expected USER:PASSWORD on the first line',
      expect.stringContaining('--alertmanager.ca-file: cannot read the file: no such file or directory: '),
    ]);
  });

  it('warns of variables that match no option, and stays valid', async () => {
    const { code, stderr } = await check([], {}, { THINPOOL_LOG_LEVLE: 'debug' });
    expect(code).toBe(0);
    expect(stderr).toContain('THINPOOL_LOG_LEVLE: unknown variable, ignored');
  });

  it('gets wrong options with all others that contradict each other, and where they were set', () => {
    const loaded = load({
      argv: ['config', '--check', '--config.file=c.yaml', '--volumes.max=many'],
      environment: { THINPOOL_NEARLY_FULL_CRITICAL: '60' },
      readText: () =>
        'nearly-full.warning: 70\ncollector.lvm.interval: 5s\ncollector.lvm.timeout: nonsense\n',
      collectors,
    });
    expect(loaded).toEqual({
      kind: 'wrong',
      problems: [
        '--volumes.max: expected a whole number from 0 to 100000, got "many"',
        expect.stringMatching(/^c\.yaml:3: collector\.lvm\.timeout: expected a duration/),
        '--nearly-full.critical (60%) must be higher than --nearly-full.warning (70%): raise one or lower the other (c.yaml:1: nearly-full.warning; THINPOOL_NEARLY_FULL_CRITICAL)',
      ],
    });
  });
});
