import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { commented } from '../../src/alerting/prometheus/rule-files.ts';
import { exporter } from './exporter.ts';
import { fleet } from './fleet.ts';
import { pool } from './pool.ts';

/** All dashboards, as they are provisioned. */
export const dashboards: readonly Dashboard[] = [fleet(), pool(), exporter()];

const origin = 'dashboards/source';

/** What is committed, by its path below `dashboards`. */
export function files(): ReadonlyMap<string, string> {
  return new Map([
    ...dashboards.map((dashboard): [string, string] => [`${nameOf(dashboard)}.json`, json(dashboard)]),
    ['kustomization.yaml', kustomization()],
    ['provisioning/datasources/prometheus.yaml', dataSource()],
    ['provisioning/dashboards/thinpool.yaml', provider()],
  ]);
}

/** The same dashboards for the import page. */
export function importFiles(): ReadonlyMap<string, string> {
  return new Map(
    dashboards.map((dashboard) => [`import/${nameOf(dashboard)}.json`, json(forImport(dashboard))]),
  );
}

export function nameOf({ uid }: Dashboard): string {
  if (uid === undefined || uid === null) throw new Error('a dashboard without a uid');
  return uid;
}

export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

const input = 'DS_PROMETHEUS';

/**
 * For the import page and grafana.com. They prompt for the data source, which replaces the variable. Grafana does not prompt for
 * it when it provisions a file, so that flavour keeps the variable.
 */
function forImport(dashboard: Dashboard): object {
  const { templating, ...rest } = dashboard;
  const variables = (templating?.list ?? []).filter(({ name }) => name !== 'datasource');
  const withInputs = { ...rest, templating: { ...templating, list: variables } };
  const text = JSON.stringify(withInputs)
    .replaceAll('&${datasource:queryparam}', '')
    .replaceAll('${datasource}', `\${${input}}`);
  const kinds = new Set((dashboard.panels ?? []).map(({ type }) => type).filter((type) => type !== 'row'));
  return {
    __inputs: [
      {
        name: input,
        label: 'Prometheus',
        description: 'The Prometheus that scrapes the exporters',
        type: 'datasource',
        pluginId: 'prometheus',
        pluginName: 'Prometheus',
      },
    ],
    __requires: [
      { type: 'grafana', id: 'grafana', name: 'Grafana', version: '12.0.0' },
      { type: 'datasource', id: 'prometheus', name: 'Prometheus', version: '1.0.0' },
      ...[...kinds].map((id) => ({ type: 'panel', id, name: id, version: '' })),
    ],
    ...JSON.parse(text),
  };
}

/** ConfigMaps with the committed JSON in them, which kustomize makes: the annotation names the folder in Grafana. */
function kustomization(): string {
  return commented(
    {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      generatorOptions: {
        disableNameSuffixHash: true,
        labels: { 'app.kubernetes.io/name': 'thinpool-exporter', grafana_dashboard: '1' },
        annotations: { grafana_folder: 'Thin pools' },
      },
      configMapGenerator: dashboards.map((dashboard) => ({
        name: `${nameOf(dashboard)}-dashboard`,
        files: [`${nameOf(dashboard)}.json`],
      })),
    },
    "ConfigMaps for Grafana's sidecar, which looks for the label grafana_dashboard.",
    origin,
  );
}

function dataSource(): string {
  return commented(
    {
      apiVersion: 1,
      datasources: [
        {
          name: 'Prometheus',
          type: 'prometheus',
          access: 'proxy',
          url: 'http://127.0.0.1:9090',
          isDefault: true,
          jsonData: { httpMethod: 'POST', timeInterval: '5s' },
        },
      ],
    },
    'A data source, for a Grafana without one. timeInterval is the scrape interval: Grafana calculates rates over four of it.',
    origin,
  );
}

function provider(): string {
  return commented(
    {
      apiVersion: 1,
      providers: [
        {
          name: 'thinpool',
          folder: 'Thin pools',
          type: 'file',
          allowUiUpdates: false,
          options: { path: '/var/lib/grafana/dashboards/thinpool' },
        },
      ],
    },
    'Where Grafana looks for the dashboards: put thinpool-*.json there.',
    origin,
  );
}
