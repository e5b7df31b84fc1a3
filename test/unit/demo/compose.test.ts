import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { freePort } from '../../../demo/ports.ts';
import { describeWith, itWith } from '../../support/needs.ts';
import { promtools, run, tool } from '../../support/tools.ts';

const project = join(import.meta.dirname, '../../..');
const folder = join(project, 'demo/compose');
const temporary = mkdtempSync(join(tmpdir(), 'compose-test-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 }));

interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly command?: readonly string[];
}

const { services } = parse(readFileSync(join(folder, 'compose.yaml'), 'utf8'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
};
const dockerfile = readFileSync(join(folder, 'Dockerfile'), 'utf8');

const mounts = Object.entries(services).flatMap(([service, { volumes = [] }]) =>
  volumes.map((volume) => {
    const [from = '', to = '', mode] = volume.split(':');
    return { service, from: normalize(join(folder, from)), to, mode };
  }),
);
const mountAt = (to: string) => mounts.find((mount) => mount.to === to)?.from ?? `nothing at ${to}`;

describe('the compose file', () => {
  it('has every image at a version', () => {
    for (const { image, build } of Object.values(services))
      if (build === undefined) expect(image).toMatch(/^[\w./-]+:v?\d+\.\d+\.\d+$/);
    for (const [, image] of dockerfile.matchAll(/^FROM (\S+)/gm))
      expect(image).toMatch(/^node:\d+\.\d+\.\d+-slim$/);
  });

  it('is not reachable from outside', () => {
    for (const { ports = [] } of Object.values(services))
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it('mounts what is there, and lets nothing be written', () => {
    for (const { from, mode } of mounts) {
      expect(mode, from).toBe('ro');
      expect(existsSync(from), from).toBe(true);
    }
  });

  it('puts the dashboards where their provider reads them', () => {
    const provider = mountAt('/etc/grafana/provisioning/dashboards/thinpool.yaml');
    const { providers } = parse(readFileSync(provider, 'utf8'));
    const boards = mounts.filter(({ from }) => from.endsWith('.json'));
    expect(boards.length).toBeGreaterThan(0);
    for (const { to } of boards) expect(dirname(to)).toBe(providers[0].options.path);
  });

  it('names services that are there, at the ports they listen on', () => {
    const texts = ['prometheus.yml', 'alertmanager.yml', 'datasource.yaml'].map((name) =>
      readFileSync(join(folder, name), 'utf8'),
    );
    const named = texts.flatMap((text) =>
      [...text.matchAll(/(?:- |\/\/)(?<host>[a-z]+):(?<port>\d+)/g)].map((match) => match[0].slice(2)),
    );
    expect(new Set(named)).toEqual(
      new Set(['exporter:10058', 'alertmanager:9093', 'webhook:9099', 'prometheus:9090']),
    );
    for (const name of named) expect(services).toHaveProperty(name.split(':')[0]!);
  });
});

for (const promtool of promtools)
  describeWith(promtool)(promtool, () => {
    it('has nothing against the configuration, with the rules beside it as the command leaves them', () => {
      const place = mkdtempSync(join(temporary, 'prometheus-'));
      for (const { service, from, to } of mounts) if (service === 'prometheus') cpSync(from, join(place, to));
      const [command = ''] = services['prometheus']?.command ?? [];
      const [prepare = ''] = command.replaceAll(/(?<= |>)\/(?=shipped|etc)/g, `${place}/`).split('&&');
      run('sh', ['-c', prepare]);
      const rules = join(place, 'etc/prometheus/thinpool.rules.yml');
      expect(readFileSync(rules, 'utf8')).not.toContain('keep_firing_for');
      const output = run(tool(promtool), ['check', 'config', join(place, 'etc/prometheus/prometheus.yml')]);
      expect(output).toMatch(/SUCCESS: \d+ rules found/);
    });
  });

itWith('amtool')('amtool has nothing against the configuration', {}, () => {
  const output = run(tool('amtool'), ['check-config', mountAt('/etc/alertmanager/alertmanager.yml')]);
  expect(output).toContain('SUCCESS');
});

describe('the image', () => {
  // As its last stage has it: a file that is missing there is missing here.
  it('has all that the demo needs', { timeout: 60_000 }, async () => {
    expect(spawnSync(process.execPath, [join(project, 'demo/compose/bundle.mjs')]).status).toBe(0);
    const app = join(temporary, 'app');
    const last = dockerfile.slice(dockerfile.lastIndexOf('FROM '));
    for (const [, from = '', to = ''] of last.matchAll(/^COPY --from=build \/build\/(\S+) (\S+)$/gm)) {
      mkdirSync(dirname(join(app, to)), { recursive: true });
      cpSync(join(project, from), join(app, to), { recursive: true });
    }
    const command: string[] = JSON.parse(/^CMD (?<command>.*)$/m.exec(last)?.groups?.['command'] ?? '');
    const port = await freePort(22_056);
    const args = command.slice(1).map((word) => word.replace('0.0.0.0:10058', `127.0.0.1:${port}`));
    const child = spawn(process.execPath, args, {
      cwd: app,
      env: { PATH: process.env['PATH'], TMPDIR: temporary },
      stdio: 'ignore',
    });
    const metrics = async () =>
      (await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => undefined))?.text() ?? '';
    const wanted = 'thinpool_data_used_bytes{pool="docker-thinpool"}';
    let text = '';
    for (let left = 100; left > 0 && !text.includes(wanted); left -= 1) {
      await sleep(250);
      text = await metrics();
    }
    child.kill('SIGTERM');
    expect(text).toContain(wanted);
    expect(existsSync(join(app, '.cache/demo/sink.mjs')), 'the command of the webhook').toBe(true);
  });
});
