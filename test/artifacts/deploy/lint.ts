import { collectors } from '../../../src/collectors/index.ts';
import { load } from '../../../src/config/load.ts';
import { catalogue } from '../../../src/metrics/catalogue.ts';
import type { Manifest } from './render.ts';

/** What the schemas do not say of a DaemonSet, each as a sentence where it is not so. */
export function lintDaemonSet({ spec }: Manifest): string[] {
  const pod = spec.template.spec;
  const [container] = pod.containers;
  const { securityContext, resources, volumeMounts, args, image } = container;
  const labels = Object.entries(spec.template.metadata.labels);
  const volumes: { name: string }[] = pod.volumes;
  const mounts: { name: string; mountPath: string }[] = volumeMounts;
  const ports: string[] = container.ports.map(({ name }: { name: string }) => name);
  const rules: readonly (readonly [holds: boolean, otherwise: string])[] = [
    [pod.containers.length === 1, 'there is more than one container'],
    [/^[\w./-]+:[\w.-]+$/.test(image) && !/:latest$/.test(image), `image ${image} has no fixed tag`],
    [
      Object.entries(spec.selector.matchLabels).every(([name, value]) =>
        labels.some(([has, is]) => has === name && is === value),
      ),
      'the selector does not match the labels of its pods',
    ],
    [typeof resources.limits?.memory === 'string', 'memory has no limit'],
    [typeof resources.requests?.memory === 'string', 'no memory is requested'],
    [resources.limits?.cpu === undefined, 'CPU has a limit: commands would miss their deadlines'],
    [pod.automountServiceAccountToken === false, 'a token of the cluster is mounted'],
    [pod.enableServiceLinks === false, 'services become variables that are taken for options'],
    [securityContext.readOnlyRootFilesystem === true, 'the root file system can be written'],
    [
      // The API server refuses the two together.
      securityContext.privileged !== true || securityContext.allowPrivilegeEscalation !== false,
      'privileged and allowPrivilegeEscalation=false contradict each other',
    ],
    [
      volumes.every(({ name }) => mounts.some((mount) => mount.name === name)) &&
        mounts.every(({ name }) => volumes.some((volume) => volume.name === name)),
      'volumes and mounts do not match',
    ],
    [new Set(mounts.map(({ mountPath }) => mountPath)).size === mounts.length, 'two mounts are at one place'],
    [
      !container.terminationMessagePath.startsWith('/dev/'),
      "the termination message would be a file in the host's /dev",
    ],
    ...[container.livenessProbe, container.readinessProbe]
      .filter((probe) => probe !== undefined)
      .map(({ httpGet }) => [ports.includes(httpGet.port), `no port is named ${httpGet.port}`] as const),
    [
      (pod.hostPID === true) === reads(args, 'dmeventd'),
      'hostPID is there for dmeventd, and for nothing else',
    ],
  ];
  return [...rules.filter(([holds]) => !holds).map(([, otherwise]) => otherwise), ...wrongArguments(args)];
}

function reads(args: readonly string[], collector: string): boolean {
  return !args.includes(`--collector.${collector}=off`);
}

/** What the exporter itself says against its arguments. */
export function wrongArguments(args: readonly string[]): string[] {
  const loaded = load({ argv: args, environment: {}, readText: () => '', collectors });
  if (loaded.kind === 'wrong') return [...loaded.problems];
  return loaded.kind === 'run' && loaded.command === 'serve' ? [] : ['it does not serve'];
}

interface Relabeling {
  readonly action?: string;
  readonly regex?: string;
  readonly targetLabel?: string;
  readonly replacement?: string;
  readonly sourceLabels?: readonly string[];
}

/** Labels that the operator gives to what a PodMonitor finds (prometheus-operator, pkg/prometheus/promcfg.go). */
const fromOperator = ['namespace', 'container', 'pod', 'endpoint', 'job', 'instance'];

/** What the schemas do not say of a PodMonitor. `job` is the one by which the alerts know exporters. */
export function lintPodMonitor({ spec }: Manifest, daemonSet: Manifest, job: string): string[] {
  const [endpoint] = spec.podMetricsEndpoints;
  const relabelings: readonly Relabeling[] = endpoint.relabelings;
  const made = (label: string) => relabelings.find(({ targetLabel }) => targetLabel === label);
  const dropped = relabelings
    .filter(({ action }) => action === 'labeldrop')
    .map(({ regex = '' }) => new RegExp(`^(?:${regex})$`));
  const left = fromOperator.filter((label) => !dropped.some((regex) => regex.test(label)));
  const own = new Set(catalogue.flatMap(({ metrics }) => metrics.flatMap(({ labels }) => [...labels])));
  const ports: string[] = daemonSet['spec'].template.spec.containers[0].ports.map(
    ({ name }: { name: string }) => name,
  );
  const rules: readonly (readonly [holds: boolean, otherwise: string])[] = [
    [ports.includes(endpoint.port), `no port of the pods is named ${endpoint.port}`],
    [
      JSON.stringify(spec.selector.matchLabels) === JSON.stringify(daemonSet['spec'].selector.matchLabels),
      'it does not select the pods of the DaemonSet',
    ],
    [made('job')?.replacement === job, `job is not ${job}`],
    [
      made('instance')?.sourceLabels?.join() === '__meta_kubernetes_pod_node_name',
      'instance is not the node, so a new pod would be a new host',
    ],
    [!left.includes('pod'), 'series would end with each pod'],
    [left.every((label) => !own.has(label)), 'a label of the target hides one of the metrics'],
    [
      seconds(endpoint.scrapeTimeout) < seconds(endpoint.interval),
      'a scrape may take longer than the interval',
    ],
  ];
  return rules.filter(([holds]) => !holds).map(([, otherwise]) => otherwise);
}

function seconds(duration: string): number {
  return Number(/^(\d+)s$/.exec(duration)?.[1]);
}
