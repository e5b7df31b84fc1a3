import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { files, importFiles } from '../../../dashboards/source/files.ts';
import { alerts } from '../../../src/alerting/names.ts';
import { runbooks } from '../../../src/model/project.ts';
import { describeWith } from '../../support/needs.ts';
import { run, tool } from '../../support/tools.ts';
import { shownPanels } from './dashboard.ts';
import { names, shipped } from './shipped.ts';

const project = join(import.meta.dirname, '..', '..', '..');
const read = (path: string): string => readFileSync(join(project, 'dashboards', path), 'utf8');

describe.each(names)('%s', (name) => {
  it('prompts for its data source when it is imported, and has no other', () => {
    const text = read(`import/${name}.json`);
    const { __inputs, __requires, templating, panels } = JSON.parse(text);
    expect(__inputs).toMatchObject([{ name: 'DS_PROMETHEUS', type: 'datasource', pluginId: 'prometheus' }]);
    expect(text).not.toMatch(/\$\{datasource|"name": "datasource"/);
    expect(text.split('${DS_PROMETHEUS}').length).toBe(read(`${name}.json`).split('"${datasource}"').length);
    expect(templating.list).toHaveLength(shipped(name).templating.list.length - 1);
    const kinds = shownPanels({ ...shipped(name), panels }).map(({ type }) => type);
    const required = __requires.map(({ id }: { id: string }) => id);
    expect(required).toEqual(['grafana', 'prometheus', ...new Set(kinds)]);
  });

  it('needs no input when it is provisioned', () => {
    expect(read(`${name}.json`)).not.toMatch(/__inputs|DS_PROMETHEUS/);
  });

  it('links to dashboards, pages and variables that there are', () => {
    const text = read(`${name}.json`);
    const uids = [...text.matchAll(/"\/d\/(?<uid>[\w-]+)\?(?<query>[^"]*)"/g)];
    for (const { groups: { uid = '', query = '' } = {} } of uids) {
      const known = shipped(uid).templating.list.map((variable) => variable.name);
      const set = [...query.matchAll(/var-(\w+)=/g)].map(([, variable]) => variable);
      expect(known).toEqual(expect.arrayContaining(set));
    }
    for (const [, page = ''] of text.matchAll(/blob\/main\/(docs\/[\w./-]+\.md)["#]/g))
      expect(existsSync(join(project, page)), page).toBe(true);
  });

  it('takes fields for its links from columns that there are', () => {
    for (const { title, fieldConfig, transformations = [] } of shownPanels(shipped(name))) {
      const columns = transformations.flatMap(({ options }) => Object.values(options['renameByName'] ?? {}));
      const fields = [...JSON.stringify(fieldConfig).matchAll(/__data\.fields\.(\w+)/g)].map(
        ([, field]) => field,
      );
      expect(columns, title).toEqual(expect.arrayContaining(fields));
    }
  });
});

it('has a runbook for every name that a finding leads to', () => {
  expect(runbooks).toContain('docs/runbooks');
  const named = [...read('thinpool-pool.json').matchAll(/\\"runbook\\", \\"(?<alert>\w+)\\"/g)].map(
    ({ groups }) => groups?.['alert'] ?? '',
  );
  expect(named.length).toBeGreaterThan(15);
  for (const alert of named) {
    expect(Object.keys(alerts)).toContain(alert);
    expect(existsSync(join(project, 'docs', 'runbooks', `${alert}.md`)), alert).toBe(true);
  }
});

it('has no file that is not made', () => {
  const there = readdirSync(join(project, 'dashboards'), { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.(?:json|ya?ml)$/.test(file) && !file.startsWith('pictures/'),
  );
  expect(there.toSorted()).toEqual([...files().keys(), ...importFiles().keys()].toSorted());
});

describeWith('kubectl')('kustomize', () => {
  it('makes ConfigMaps of them that the sidecar finds', () => {
    const made = parseAllDocuments(run(tool('kubectl'), ['kustomize', join(project, 'dashboards')]));
    const maps = made.map((document) => document.toJS());
    expect(maps.map(({ metadata }) => metadata.name)).toEqual(
      names.map((name) => `${name}-dashboard`).toSorted(),
    );
    for (const { kind, metadata, data } of maps) {
      const file = `${metadata.name.replace(/-dashboard$/, '')}.json`;
      expect({ kind, label: metadata.labels.grafana_dashboard }).toEqual({ kind: 'ConfigMap', label: '1' });
      expect(data).toEqual({ [file]: read(file) });
    }
  });
});
