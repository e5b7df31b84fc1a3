import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { chartFiles } from '../../../deploy/source/chart.ts';
import { values } from '../../../deploy/source/values.ts';
import project from '../../../package.json' with { type: 'json' };
import { collectors } from '../../../src/collectors/index.ts';
import { load } from '../../../src/config/load.ts';
import { findingCodes } from '../../../src/rules/evaluate.ts';
import { describeWith } from '../../support/needs.ts';
import { run } from '../../support/tools.ts';
import { cases } from './cases.ts';
import { chart, inChart, renderText, template } from './render.ts';
import { helm } from './tools.ts';

const templates = readdirSync(join(chart, 'templates'))
  .map((name) => readFileSync(join(chart, 'templates', name), 'utf8'))
  .join('\n');

/** The paths of all values that templates use. */
const used = new Set([...templates.matchAll(/\.Values\.([\w.]+)/g)].map(([, path]) => path));

describe('values', () => {
  it('are all used by a template, and no other is', () => {
    expect([...used].sort()).toEqual(values.map(({ path }) => path).sort());
  });

  it.each(values)('$path is documented in the README', ({ path, default: value, help }) => {
    const row = chartFiles()
      .get('README.md')
      ?.split('\n')
      .find((line) => line.startsWith(`| \`${path}\` |`));
    expect(row).toContain(help);
    expect(row).toContain(JSON.stringify(value));
    expect(help).toMatch(/\.$/);
  });

  it('are each set by a case', () => {
    const set = cases.flatMap(([, given]) => pathsOf(given));
    const never = values.map(({ path }) => path).filter((path) => !set.some((one) => isOrIsBelow(one, path)));
    // What these hold goes into the objects as it is.
    expect(never).toEqual([
      ...['securityContext', 'updateStrategy', 'resources', 'podMonitor.interval'],
      'podMonitor.scrapeTimeout',
    ]);
  });
});

function isOrIsBelow(one: string, path: string): boolean {
  return one === path || one.startsWith(`${path}.`);
}

function pathsOf(value: unknown, path = ''): string[] {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const entries = isObject ? Object.entries(value) : [];
  const below = entries.flatMap(([key, one]) => pathsOf(one, path === '' ? key : `${path}.${key}`));
  return path === '' ? below : [path, ...below];
}

/** Values of a kind that none of the table's schemas takes. */
const wrong: readonly (readonly [why: string, values: object, error: string])[] = [
  ['a value that there is not', { imagee: {} }, "additional properties 'imagee' not allowed"],
  ['one inside a value', { lvm: { on: true } }, "additional properties 'on' not allowed"],
  ['the tag latest', { image: { tag: 'latest' } }, "at '/image/tag'"],
  ['no repository', { image: { repository: '' } }, "at '/image/repository'"],
  ['an argument that is no option', { args: ['check'] }, "at '/args/0'"],
  [
    'a severity that there is not',
    { findings: [{ code: 'pool-failed', severity: 'quiet', reason: 'x' }] },
    "at '/findings/0/severity'",
  ],
  [
    'an entry without a reason',
    { findings: [{ code: 'pool-failed', severity: 'info' }] },
    "at '/findings/0'",
  ],
  [
    'a day that is none',
    { findings: [{ code: 'pool-failed', severity: 'muted', until: 'soon', reason: 'x' }] },
    "at '/findings/0/until'",
  ],
  ['a host path that is none', { hostPaths: ['var/lib'] }, "at '/hostPaths/0'"],
  [
    'an interval that Prometheus does not know',
    { podMonitor: { interval: '5 s' } },
    "at '/podMonitor/interval'",
  ],
  [
    'a field of the endpoint twice',
    { podMonitor: { endpoint: { port: 'x' } } },
    "at '/podMonitor/endpoint/port'",
  ],
];

describeWith('helm')('helm', () => {
  it.each(wrong)('refuses %s, and names it', (_, given, error) => {
    expect(() => renderText(helm, given)).toThrow(error);
  });

  it('makes the options file, which the exporter takes, and replaces the pods when it changes', () => {
    const everything = cases.find(([name]) => name === 'everything')?.[1] ?? {};
    const rendered = (given: object) => {
      const objects = parseAllDocuments(renderText(helm, given)).map((document) => document.toJS());
      const pods = objects.find(({ kind }) => kind === 'DaemonSet').spec.template;
      const file = objects.find(({ metadata }) => metadata.name.endsWith('-options'))?.data['options.yml'];
      return { file, pods, checksum: pods.metadata.annotations?.['checksum/options'] };
    };
    const { file, pods, checksum } = rendered(everything);
    const args: string[] = pods.spec.containers[0].args;
    const loaded = load({
      argv: args.filter((arg) => !arg.startsWith('--web.config.file')),
      environment: {},
      collectors,
      findingCodes,
      readText: () => file,
    });
    expect(loaded).toMatchObject({
      kind: 'run',
      config: {
        nearlyFullWarning: 80,
        maxVolumes: 100,
        findings: [
          { code: 'loopback-in-use', severity: 'muted', until: '2027-01-31' },
          { code: 'status-stuck', severity: 'warning', pool: 'test-*' },
        ],
      },
    });
    expect(rendered({ ...everything, findings: [] }).checksum).not.toBe(checksum);
    const none = rendered({});
    expect([none.file, none.checksum]).toEqual([undefined, undefined]);
    expect(JSON.stringify(none.pods)).not.toContain('config.file');
  });

  it('takes the values of a chart around it', () => {
    expect(() => renderText(helm, { global: { region: 'eu' } })).not.toThrow();
  });

  it.each(cases)('finds nothing to say against the chart with %s', (_, given) => {
    const output = inChart((folder) => {
      writeFileSync(join(folder, 'given.json'), JSON.stringify(given));
      return run(helm, ['lint', '.', '--strict', '--values', 'given.json'], folder);
    });
    expect(output).toContain('1 chart(s) linted, 0 chart(s) failed');
  });

  it('refuses to make an empty object where a file of the chart is missing', () => {
    inChart((folder) => {
      rmSync(join(folder, 'files', 'rules.yml'));
      expect(() => template(helm, folder, { prometheusRule: { enabled: true } })).toThrow(
        'the chart lacks files/rules.yml',
      );
    });
  });

  it('packs the chart with the version of the program', () => {
    const output = inChart((folder) => run(helm, ['package', '.'], folder));
    expect(output).toContain(`thinpool-exporter-${project.version}.tgz`);
  });

  it('says after the installation what was left out', () => {
    const notes = (given: object) =>
      inChart((folder) => template(helm, folder, given, 'install', '--dry-run=client'));
    const none = notes({});
    expect(none).toContain('No PodMonitor was created');
    expect(none).toContain('No alerts were created');
    const all = notes({ podMonitor: { enabled: true }, prometheusRule: { enabled: true } });
    expect(all).toContain('port-forward daemonset/thinpool-exporter 10058');
    expect(all).not.toMatch(/No (PodMonitor|alerts)/);
  });
});
