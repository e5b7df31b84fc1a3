import { describe, expect, it } from 'vitest';
import { renderConfig } from '../../../src/cli/config.ts';
import { load } from '../../../src/config/load.ts';
import { collectors } from '../config/collectors.ts';

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
