import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { collectors } from '../../../src/collectors/index.ts';
import { load } from '../../../src/config/load.ts';
import { readNotifyFile } from '../../../src/notify/file/read.ts';
import { findingCodes } from '../../../src/rules/evaluate.ts';
import { readWebFile } from '../../../src/web/access/file.ts';
import { blocksOf, commandsIn, documents } from '../../support/documents.ts';
import { describeWith, itWith } from '../../support/needs.ts';
import { run, tool } from '../../support/tools.ts';
import { parseExpr } from '../alerts/promql.ts';
import { renderText } from '../deploy/render.ts';

const project = join(import.meta.dirname, '..', '..', '..');
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'documents-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** What a block of YAML is, by a key that it has, and who reads it. */
const kinds = {
  'a configuration of an OpenTelemetry collector': {
    is: (value) => 'receivers' in value && 'exporters' in value,
    needs: ['promtool'],
    read: (text) => {
      const { receivers, exporters, service, ...others } = parse(text);
      expect(Object.keys(others)).toEqual([]);
      expect(promtool('config', stringify(receivers.prometheus.config))).toContain('is valid');
      expect(service.pipelines.metrics).toEqual({
        receivers: Object.keys(receivers),
        exporters: Object.keys(exporters),
      });
    },
  },
  'alert rules': {
    is: (value) => 'groups' in value,
    needs: ['promtool'],
    read: (text) => expect(promtool('rules', text)).toMatch(/SUCCESS: [1-9]/),
  },
  'a configuration of Prometheus': {
    is: (value) => ['scrape_configs', 'rule_files', 'alerting', 'remote_write'].some((key) => key in value),
    needs: ['promtool'],
    read: (text) => {
      // Files that it names have to exist.
      const names = ['ca.crt', 'client.crt', 'client.key', 'password', 'thinpool.rules.yml'];
      for (const name of names) write(name, name === 'thinpool.rules.yml' ? 'groups: []\n' : '');
      // Debian's Prometheus is built without Kubernetes: what finds the pods is replaced.
      const known = text.replace(/kubernetes_sd_configs:(?:\n {6}.*)+/, 'static_configs: []');
      expect(promtool('config', known)).toContain('is valid');
    },
  },
  'receivers of notifications': {
    is: (value) => JSON.stringify(value).includes('url_file') || 'routes' in value || isReceiverOfOurs(value),
    needs: [],
    read: (text) => {
      const { receivers, routes = [] } = parse(text);
      const names: string[] = routes.flatMap((route: { receivers: string[] }) => route.receivers);
      const whole = { receivers: receivers ?? names.map((name) => ({ name, url: 'http://a' })), routes };
      expect(readNotifyFile(stringify(whole), 'notify.yml', findingCodes).problems).toEqual([]);
    },
  },
  'a configuration of Alertmanager': {
    is: (value) => 'receivers' in value || 'route' in value,
    needs: ['amtool'],
    read: (text) => {
      const value = parse(text);
      const whole = { route: { receiver: value.receivers[0].name }, ...value };
      expect(run(tool('amtool'), ['check-config', write('alertmanager.yml', stringify(whole))])).toContain(
        'SUCCESS',
      );
    },
  },
  'a web configuration': {
    is: (value) => 'tls_server_config' in value || 'basic_auth_users' in value,
    needs: [],
    read: (text) => expect(readWebFile(text, 'web.yml').problems).toEqual([]),
  },
  'values of the chart': {
    is: (value) => 'webConfig' in value || 'options' in value,
    needs: ['helm'],
    read: (text) => expect(renderText(tool('helm'), parse(text))).toContain('kind: DaemonSet'),
  },
  options: {
    is: (value) => !Array.isArray(value),
    needs: [],
    read: (text) => {
      const loaded = load({
        argv: ['--config.file=x'],
        environment: {},
        readText: () => text,
        collectors,
        findingCodes,
      });
      expect(loaded).toMatchObject({ kind: 'run' });
    },
  },
  'a playbook': { is: (value) => JSON.stringify(value).includes('"tasks"'), needs: [], read: readPlaybook },
  'a file of targets': {
    is: (value) => JSON.stringify(value).includes('"targets"'),
    needs: ['promtool'],
    read: (text) => {
      const targets = write('targets.yml', text);
      const job = { job_name: 'thinpool', file_sd_configs: [{ files: [targets] }] };
      expect(promtool('config', stringify({ scrape_configs: [job] }))).toContain('is valid');
    },
  },
} as const satisfies Readonly<
  Record<
    string,
    {
      readonly is: (value: object) => boolean;
      readonly needs: readonly ('promtool' | 'amtool' | 'helm')[];
      readonly read: (text: string) => void;
    }
  >
>;

function isReceiverOfOurs(value: object): boolean {
  return /"receivers":\[\{"name":"[^"]*","(?:format|type)"/.test(JSON.stringify(value));
}

function promtool(what: 'rules' | 'config', text: string): string {
  return run(tool('promtool'), ['check', what, write('checked.yml', text)]);
}

/** No Ansible is there: its modules are named in full, and the options and commands in it are ours. */
function readPlaybook(text: string): void {
  const [play] = parse(text);
  for (const { name, notify: _, changed_when: __, failed_when: ___, ...module } of [
    ...play.tasks,
    ...play.handlers,
  ]) {
    expect(Object.keys(module), name).toHaveLength(1);
    expect(Object.keys(module)[0]).toMatch(/^ansible\.builtin\.\w+$/);
  }
  const named: string[] = play.tasks.flatMap(({ notify }: { notify?: string }) => notify ?? []);
  const handlers: string[] = play.handlers.map(({ name }: { name: string }) => name);
  expect([...new Set(named)]).toEqual(handlers);
  const { content, validate } = play.tasks.find((task: object) => JSON.stringify(task).includes('content'))[
    'ansible.builtin.copy'
  ];
  const read = { environment: {}, collectors, findingCodes };
  expect(load({ ...read, argv: ['--config.file=x'], readText: () => content }).kind).toBe('run');
  const commands = [
    validate,
    ...play.tasks.flatMap((task: Record<string, unknown>) => task['ansible.builtin.command'] ?? []),
  ];
  for (const [program, ...argv] of commands.flatMap(commandsIn)) {
    expect(program).toBe('thinpool-exporter');
    expect(load({ ...read, argv, readText: () => '' }).kind, argv.join(' ')).toBe('run');
  }
}

type Kind = keyof typeof kinds;

const yamls = documents.flatMap(({ file, text }) =>
  blocksOf(text, 'yaml').map((block, index) => ({ file, number: index + 1, block, kind: kindOf(block) })),
);

function kindOf(block: string): Kind | undefined {
  const value: unknown = parse(block);
  if (typeof value !== 'object' || value === null) return undefined;
  const names = Object.keys(kinds) as Kind[];
  return names.find((name) => kinds[name].is(value));
}

describe('YAML', () => {
  it('is found, of each kind', () => {
    expect([...new Set(yamls.map(({ kind }) => kind))].sort()).toEqual(Object.keys(kinds).sort());
  });

  for (const { file, number, block, kind } of yamls)
    itWith(...(kind === undefined ? [] : kinds[kind].needs))(`${file}, block ${number}: ${kind}`, {}, () => {
      expect(kind).toBeDefined();
      kinds[kind!].read(block);
    });
});

describe('PromQL', () => {
  const expressions = documents.flatMap(({ file, text }) => [
    ...blocksOf(text, 'promql').map((expr) => [file, expr] as const),
    ...[...text.matchAll(/`((?:topk|deriv|rate|increase|sum|count|max|min|time)\b[^`]*\([^`]+)`/g)].map(
      ([, expr]) => [file, expr!] as const,
    ),
  ]);

  it.each(expressions)('in %s parses: %s', (_, expr) => {
    expect(() => parseExpr(expr)).not.toThrow();
  });

  it('is found', () => {
    expect(expressions.length).toBeGreaterThan(5);
  });
});

describe('JSON', () => {
  const jsons = documents.flatMap(({ file, text }) =>
    blocksOf(text, 'json').map((block) => [file, block] as const),
  );
  const schema: object = JSON.parse(
    readFileSync(join(project, 'docs/reference/notification.schema.json'), 'utf8'),
  );

  it.each(jsons)('in %s is a notification', (_, block) => {
    const validate = new Ajv2020({ allErrors: true, validateFormats: false }).compile(schema);
    validate(JSON.parse(block));
    expect(validate.errors).toBeNull();
  });
});

it('has no block in a language that no test reads', () => {
  const languages = documents.flatMap(({ file, text }) =>
    [...text.matchAll(/^ *```(?<language>\S+)$/gm)].map(({ groups }) => `${groups?.['language']} (${file})`),
  );
  expect(languages.filter((one) => !/^(?:sh|yaml|promql|ini|json) /.test(one))).toEqual([]);
});

describeWith('systemd-analyze')('units', () => {
  const install = documents.find(({ file }) => file === 'docs/guide/install.md')!.text;
  const [, section = ''] = install.split('### As a service\n');

  it.each(
    blocksOf(section.split(/^## /m)[0]!, 'sh')
      .flatMap((block) => [...block.matchAll(/^sed .*?> (?<file>\S+)$/gms)])
      .map(([line]) => line),
  )('As a service: %s', (line) => {
    const unit = join(folder, 'thinpool-exporter.service');
    const written = run('sh', ['-c', line.replace(/> \S+$/, `> ${unit}`)], project);
    expect(written).toBe('');
    // The program has to be there; here another one is.
    run('sed', [
      '-i',
      's|^ExecStart=/usr/local/bin/thinpool-exporter|ExecStart=/bin/true|; s|^ExecStart=/usr/bin/node|ExecStart=/bin/true|',
      unit,
    ]);
    expect(run('grep', ['^ExecStart', unit])).toMatch(
      /^ExecStart=\/bin\/true(?: \/usr\/local\/lib\/thinpool-exporter\.mjs)?\n$/,
    );
    expect(run(tool('systemd-analyze'), ['verify', '--man=no', unit])).toBe('');
  });

  it.each(
    documents.flatMap(({ file, text }) => blocksOf(text, 'ini').map((block) => [file, block] as const)),
  )('in %s are what systemd takes for one', (file, block) => {
    const name = /^# (?<name>thinpool-exporter\.\w+)/.exec(block)?.groups?.['name'];
    const dir = mkdtempSync(join(folder, `${file.replaceAll('/', '-')}-`));
    const service = run('cat', [join(project, 'deploy/packages/systemd/thinpool-exporter.service')]).replace(
      /^ExecStart=.*/m,
      'ExecStart=/bin/true',
    );
    writeFileSync(join(dir, 'thinpool-exporter.service'), service);
    if (name === undefined) mkdirSync(join(dir, 'thinpool-exporter.service.d'));
    const target = join(dir, name ?? 'thinpool-exporter.service.d/override.conf');
    writeFileSync(target, block);
    const verified = name === undefined ? join(dir, 'thinpool-exporter.service') : target;
    expect(run(tool('systemd-analyze'), ['verify', '--man=no', verified])).toBe('');
  });
});
