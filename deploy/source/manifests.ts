import { isMap, parseAllDocuments } from 'yaml';
import project from '../../package.json' with { type: 'json' };
import { commented } from '../../src/alerting/prometheus/rule-files.ts';

const origin = 'deploy/source';

/** The release and the namespace of the plain manifests. */
export const release = project.name;

/** Files that do not come from `helm template`, by their path in the project. */
export function kustomizations(): ReadonlyMap<string, string> {
  return new Map([
    ['deploy/kubernetes/exporter/namespace.yaml', namespace()],
    [
      'deploy/kubernetes/exporter/kustomization.yaml',
      kustomization('Runs the exporter on every node. Set your image under images.', {
        namespace: release,
        resources: ['namespace.yaml', 'daemonset.yaml'],
        images: [
          {
            name: 'localhost/thinpool-exporter',
            newName: 'localhost/thinpool-exporter',
            newTag: project.version,
          },
        ],
      }),
    ],
    [
      'deploy/kubernetes/monitoring/kustomization.yaml',
      kustomization('Scraping, alerts and dashboards, for the Prometheus operator.', {
        namespace: release,
        resources: ['podmonitor.yaml', '../../../alerts', '../../../dashboards'],
      }),
    ],
    [
      'alerts/kustomization.yaml',
      kustomization('For deploy/kubernetes/monitoring.', { resources: ['thinpool.prometheusrule.yaml'] }),
    ],
  ]);
}

function kustomization(comment: string, content: object): string {
  return commented(
    { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', ...content },
    comment,
    origin,
  );
}

function namespace(): string {
  return commented(
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: release, labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
    },
    'The pods are privileged, which other namespaces may not allow.',
    origin,
  );
}

const plain = { DaemonSet: 'exporter/daemonset.yaml', PodMonitor: 'monitoring/podmonitor.yaml' } as const;

/** The values with which helm renders the plain manifests. */
export const plainValues = { podMonitor: { enabled: true } } as const;

/** The output of `helm template` as plain manifests, by their path below `deploy/kubernetes`. */
export function plainManifests(rendered: string): ReadonlyMap<string, string> {
  const documents = parseAllDocuments(rendered).filter(({ contents }) => isMap(contents));
  return new Map(
    documents.map((document) => {
      const path = plain[document.get('kind') as keyof typeof plain];
      if (path === undefined) throw new Error(`no place for a ${document.get('kind')}`);
      // All other comments come from the template.
      document.commentBefore = ` helm template of deploy/helm.\n Generated from ${origin}; change the chart, not this file.`;
      if (isMap(document.contents)) document.contents.commentBefore = null;
      for (const label of ['helm.sh/chart', 'app.kubernetes.io/managed-by'])
        document.deleteIn(['metadata', 'labels', label]);
      return [path, document.toString({ lineWidth: 0, directives: false })];
    }),
  );
}
