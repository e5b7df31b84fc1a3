import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { kustomizations } from '../../../deploy/source/manifests.ts';
import { describeWith } from '../../support/needs.ts';
import { run } from '../../support/tools.ts';
import { cases } from './cases.ts';
import { type Manifest, manifests, only, render } from './render.ts';
import { unknownFields, wrongValues } from './schemas.ts';
import { helm, kubectl } from './tools.ts';

const project = join(import.meta.dirname, '..', '..', '..');

function shipped(...path: readonly string[]): readonly Manifest[] {
  return manifests(readFileSync(join(project, ...path), 'utf8'));
}

/** With its fields changed by a function: what the checks have to notice. */
function broken(manifest: Manifest, change: (copy: Manifest) => void): Manifest {
  const copy = structuredClone(manifest);
  change(copy);
  return copy;
}

const [daemonSet] = shipped('deploy', 'kubernetes', 'exporter', 'daemonset.yaml') as [Manifest];
const [monitor] = shipped('deploy', 'kubernetes', 'monitoring', 'podmonitor.yaml') as [Manifest];

describe('the schemas', () => {
  it('know values that Kubernetes and the operator would refuse', () => {
    const port = broken(daemonSet, ({ spec }) => {
      spec.template.spec.containers[0].ports[0].containerPort = 'http';
    });
    expect(wrongValues(port)).toEqual([
      '/spec/template/spec/containers/0/ports/0/containerPort must be integer',
    ]);
    const interval = broken(monitor, ({ spec }) => {
      spec.podMetricsEndpoints[0].interval = 'often';
    });
    expect(wrongValues(interval)[0]).toContain('/spec/podMetricsEndpoints/0/interval must match pattern');
    expect(wrongValues({ ...daemonSet, apiVersion: 'apps/v1beta1' })).not.toEqual([]);
  });
});

const plain = [
  ...shipped('deploy', 'kubernetes', 'exporter', 'namespace.yaml'),
  ...shipped('deploy', 'kubernetes', 'exporter', 'daemonset.yaml'),
  ...shipped('deploy', 'kubernetes', 'monitoring', 'podmonitor.yaml'),
  ...shipped('alerts', 'thinpool.prometheusrule.yaml'),
];

describe('what is shipped as YAML', () => {
  it('has only values that Kubernetes and the operator take', () => {
    expect(plain.map(({ kind }) => kind)).toHaveLength(4);
    expect(plain.flatMap(wrongValues)).toEqual([]);
  });

  // All at once, as the compiler takes seconds to begin; the last two are there to be found.
  it('has only fields that they know', () => {
    const field = broken(daemonSet, ({ spec }) => {
      spec.template.spec.toleration = [];
    });
    const endpoint = broken(monitor, ({ spec }) => {
      spec.podMetricsEndpoints[0].timeout = '4s';
    });
    expect(unknownFields([...plain, field, endpoint])).toEqual([
      expect.stringContaining(`'"toleration"' does not exist in type 'IPodSpec'`),
      expect.stringContaining(`'"timeout"' does not exist in type`),
    ]);
  });
});

describeWith('helm')('the chart', () => {
  let charted: readonly Manifest[];
  beforeAll(() => {
    charted = cases.flatMap(([, values]) => render(helm, values));
  });

  it('makes valid objects, whatever is set', () => {
    expect(new Set(charted.map(({ kind }) => kind))).toEqual(
      new Set(['DaemonSet', 'PodMonitor', 'PrometheusRule', 'ConfigMap']),
    );
    expect(charted.flatMap(wrongValues)).toEqual([]);
    expect(unknownFields(charted)).toEqual([]);
  });

  it('has the rules and dashboards that are shipped as YAML', () => {
    const all = render(helm, { prometheusRule: { enabled: true }, dashboards: { enabled: true } });
    expect(only(all, 'PrometheusRule')['spec']).toEqual(
      only(shipped('alerts', 'thinpool.prometheusrule.yaml'), 'PrometheusRule')['spec'],
    );
    const boards = all.filter(({ kind }) => kind === 'ConfigMap');
    expect(boards.map(({ metadata }) => metadata.name).sort()).toEqual([
      'thinpool-exporter-dashboard',
      'thinpool-fleet-dashboard',
      'thinpool-pool-dashboard',
    ]);
    for (const board of boards) {
      const file = board.metadata.name.replace(/-dashboard$/, '.json');
      expect(board['data']).toEqual({ [file]: readFileSync(join(project, 'dashboards', file), 'utf8') });
      expect(board.metadata).toMatchObject({
        labels: { grafana_dashboard: '1' },
        annotations: { grafana_folder: 'Thin pools' },
      });
    }
  });
});

describeWith('kubectl')('kustomize', () => {
  const built = (folder: string) =>
    manifests(run(kubectl, ['kustomize', join(project, 'deploy', 'kubernetes', folder)]));

  it('builds the exporter', () => {
    const all = built('exporter');
    expect(all.map(({ kind }) => kind).sort()).toEqual(['DaemonSet', 'Namespace']);
    expect(only(all, 'DaemonSet').metadata.namespace).toBe(only(all, 'Namespace').metadata.name);
    expect(all.flatMap(wrongValues)).toEqual([]);
  });

  it('builds the monitoring, in the same namespace', () => {
    const all = built('monitoring');
    expect(all.map(({ kind }) => kind).sort()).toEqual([
      ...['ConfigMap', 'ConfigMap', 'ConfigMap'],
      ...['PodMonitor', 'PrometheusRule'],
    ]);
    expect(new Set(all.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['thinpool-exporter']));
    expect(all.flatMap(wrongValues)).toEqual([]);
    expect(unknownFields(all)).toEqual([]);
  });

  it('has every file that is made for it', () => {
    const folders = [...kustomizations().keys()].filter((path) => path.endsWith('kustomization.yaml'));
    for (const path of folders)
      expect(() => run(kubectl, ['kustomize', join(project, path, '..')])).not.toThrow();
  });
});
