import { describe, expect, it } from 'vitest';
import { openOptions } from '../../../src/cli/reload.ts';
import { collectors } from '../../../src/collectors/index.ts';
import { load } from '../../../src/config/load.ts';
import type { Config } from '../../../src/config/options.ts';
import { createLogger } from '../../../src/log.ts';

/** An exporter with an options file that can be written anew. */
function open(first: string, argv: readonly string[] = ['--config.file=o.yaml']) {
  const file = { text: first };
  const input = { argv, readText: () => file.text, collectors };
  const loaded = load({ ...input, environment: {} });
  if (loaded.kind !== 'run') throw new Error(JSON.stringify(loaded));
  const applied: Config[] = [];
  const logged: string[] = [];
  let now = 1000;
  const log = createLogger(loaded.config, { write: (line) => void logged.push(line) });
  const options = openOptions(
    {
      ...loaded,
      environment: {},
      load: (environment) => load({ ...input, environment }),
      log,
      now: () => now,
    },
    (config) => applied.push(config),
  );
  const reload = (text: string) => {
    now += 1000;
    file.text = text;
    options.reload();
  };
  return { options, reload, applied, logged, log };
}

describe('options that are reloaded', () => {
  it('take effect, and are logged', () => {
    const { options, reload, applied, logged } = open('nearly-full.warning: 80\n');
    reload('nearly-full.warning: 70\ncollector.lvm: off\n');
    expect(applied).toHaveLength(1);
    expect(applied[0]).toMatchObject({ nearlyFullWarning: 70, collectors: { lvm: { mode: 'off' } } });
    expect(options.config()).toBe(applied[0]);
    expect(options.state()).toEqual({ lastReloadWorked: true, lastSuccessAt: 2000, waiting: 0 });
    expect(logged.at(-1)).toContain(
      '"Options reloaded" file=o.yaml changed="nearly-full.warning collector.lvm"',
    );
  });

  it('return to their defaults when they are taken out of the file', () => {
    const { options, reload } = open('nearly-full.warning: 80\n');
    reload('');
    expect(options.config().nearlyFullWarning).toBe(85);
  });

  it('set the level of the log', () => {
    const { reload, log } = open('');
    reload('log.level: debug\n');
    expect(log.level).toBe('debug');
  });

  it('keep the values that need a restart, and name them', () => {
    const { options, reload, applied, logged } = open('');
    reload('web.listen-address: ":1"\nlog.format: json\nrunbook-url: https://wiki.example\n');
    expect(options.config()).toMatchObject({ listen: [{ port: 10058 }], logFormat: 'text' });
    expect(applied[0]?.runbookUrl).toBe('https://wiki.example');
    expect(logged.at(-1)).toMatch(/restart only" options="web.listen-address log.format"/);
    expect(options.state()?.waiting).toBe(2);
    // As long as they wait, whatever else changes.
    reload('web.listen-address: ":1"\n');
    expect(options.state()?.waiting).toBe(1);
    reload('');
    expect(options.state()?.waiting).toBe(0);
  });

  it('stay as they are while the file is invalid, all of them', () => {
    const { options, reload, applied, logged } = open('nearly-full.warning: 80\n');
    reload('nearly-full.warning: 70\nnearly-full.critical: 60\nnonsense: 1\nvolumes.max: many\n');
    expect(applied).toEqual([]);
    expect(options.config().nearlyFullWarning).toBe(80);
    expect(options.state()).toEqual({ lastReloadWorked: false, lastSuccessAt: 1000, waiting: 0 });
    expect(logged).toHaveLength(3);
    for (const line of logged) expect(line).toContain('"Options rejected; the previous ones stay in use"');
    expect(logged.join('')).toContain('o.yaml:3: nonsense: unknown option');
    expect(logged.join('')).toContain('o.yaml:4: volumes.max: expected a whole number');
    expect(logged.join('')).toContain('(o.yaml:1: nearly-full.warning; o.yaml:2: nearly-full.critical)');
    reload('nearly-full.warning: 75\n');
    expect(options.state()).toMatchObject({ lastReloadWorked: true, lastSuccessAt: 3000 });
    expect(options.config().nearlyFullWarning).toBe(75);
  });

  it('give way to flags, as at the start', () => {
    const { options, reload } = open('', ['--config.file=o.yaml', '--nearly-full.warning=60']);
    reload('nearly-full.warning: 70\n');
    expect(options.config().nearlyFullWarning).toBe(60);
  });

  it('have no state without a file', () => {
    expect(open('', []).options.state()).toBeUndefined();
  });
});
