import { Document, isMap, isScalar } from 'yaml';
import { dashboards, json, nameOf } from '../../dashboards/source/files.ts';
import project from '../../package.json' with { type: 'json' };
import { commented } from '../../src/alerting/prometheus/rule-files.ts';
import { wrap } from '../../src/format/wrap.ts';
import { repository } from '../../src/model/project.ts';
import { type Value, values } from './values.ts';

const origin = 'deploy/source';

/** Every generated file of the chart, by its path. The templates are written by hand. */
export function chartFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['Chart.yaml', chart()],
    ['values.yaml', valuesFile()],
    ['values.schema.json', json(schema())],
    ['README.md', readme()],
  ]);
}

/** What the chart has from other folders, by its path in the chart: links in git, which helm follows. */
export function chartLinks(): ReadonlyMap<string, string> {
  return new Map([
    ['files/rules.yml', '../../../../alerts/thinpool.rules.yml'],
    ...dashboards.map((dashboard): [string, string] => [
      `files/dashboards/${nameOf(dashboard)}.json`,
      `../../../../../dashboards/${nameOf(dashboard)}.json`,
    ]),
  ]);
}

function chart(): string {
  return commented(
    {
      apiVersion: 'v2',
      name: project.name,
      description: 'Watches every device-mapper thin pool of the nodes, for Prometheus',
      type: 'application',
      version: project.version,
      appVersion: project.version,
      home: repository,
      sources: [repository],
      keywords: ['prometheus', 'exporter', 'device-mapper', 'thin-pool', 'lvm', 'storage'],
      annotations: { 'artifacthub.io/license': project.license },
    },
    'The chart has the same version as the program.',
    origin,
  );
}

function valuesFile(): string {
  const document = new Document(defaults(), { aliasDuplicateObjects: false });
  document.commentBefore = ` The values of the chart.\n Generated from ${origin}; change that, not this file.`;
  for (const { path, help } of values) describe(document, path.split('.'), help);
  return document.toString({ lineWidth: 0 });
}

function defaults(): object {
  const root: Record<string, unknown> = {};
  for (const { path, default: value } of values) {
    const [last = '', ...names] = path.split('.').reverse();
    let at = root;
    for (const name of names.reverse()) {
      at[name] ??= {};
      at = at[name] as Record<string, unknown>;
    }
    at[last] = value;
  }
  return root;
}

function describe(document: Document, path: readonly string[], help: string): void {
  const parent = document.getIn(path.slice(0, -1), true) ?? document.contents;
  const pair = isMap(parent)
    ? parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))
    : undefined;
  if (!isScalar(pair?.key)) throw new Error(`${path.join('.')} is not among the values`);
  pair.key.commentBefore = wrap(help, ' ', 110);
}

interface Schema {
  readonly type: 'object';
  readonly additionalProperties: false;
  readonly properties: Record<string, Schema | object>;
}

function closed(properties: Record<string, object> = {}): Schema {
  return { type: 'object', additionalProperties: false, properties };
}

function schema(): object {
  // Helm adds `global` to the values of a subchart.
  const root = closed({ global: { type: 'object' } });
  for (const value of values) place(root, value);
  return { $schema: 'http://json-schema.org/draft-07/schema#', ...root };
}

function place(root: Schema, { path, schema, help }: Value): void {
  const [last = '', ...names] = path.split('.').reverse();
  let at = root;
  for (const name of names.reverse()) {
    at.properties[name] ??= closed();
    at = at.properties[name] as Schema;
  }
  at.properties[last] = { description: help, ...schema };
}

function readme(): string {
  const rows = values.map(
    ({ path, default: value, help }) =>
      `| \`${path}\` | \`${JSON.stringify(value)}\` | ${help.replaceAll('|', '\\|')} |`,
  );
  return [
    `# ${project.name}`,
    '',
    'Installs the exporter as a DaemonSet, and, if enabled, a PodMonitor, a PrometheusRule and dashboards. How to install it, and',
    'what it needs on a node: `docs/guide/kubernetes.md` of the project.',
    '',
    `Generated from ${origin}; change that, not this file.`,
    '',
    '| value | default | meaning |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
