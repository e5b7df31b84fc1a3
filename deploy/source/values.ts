/** One value of the chart. values.yaml, values.schema.json and the table in the README are generated from it. */
export interface Value {
  readonly path: string;
  readonly default: unknown;
  /** JSON schema (draft 7), without a description. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** One or more sentences: what it does, and why. */
  readonly help: string;
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const object = { type: 'object' } as const;
const words = { type: 'object', additionalProperties: text } as const;
const objects = { type: 'array', items: object } as const;
/** A duration as Prometheus writes it. */
const scrapeTime = { type: 'string', pattern: '^([0-9]+(ms|[smh]))+$' } as const;

/** Fields of the PodMonitor's endpoint that the template sets: they must not appear twice. */
const givenByTemplate = ['port', 'path', 'interval', 'scrapeTimeout', 'relabelings'] as const;

/** The label that kube-prometheus-stack selects monitors and rules by, if its release has this name. */
const selected = { release: 'kube-prometheus-stack' } as const;

function probe(failureThreshold: number) {
  return {
    httpGet: { path: '/-/healthy', port: 'http' },
    periodSeconds: 10,
    timeoutSeconds: 5,
    failureThreshold,
  };
}

const imageValues: readonly Value[] = [
  {
    path: 'image.repository',
    default: 'localhost/thinpool-exporter',
    schema: { type: 'string', minLength: 1 },
    help: 'The image, without its tag. No registry has one yet: build it, push it to yours, and put its name here. An image of the default name has to be loaded on every node.',
  },
  {
    path: 'image.tag',
    default: '',
    schema: { type: 'string', not: { const: 'latest' } },
    help: 'The tag of the image; without one, the version of the program that the chart was made for. `latest` is refused: nobody could tell which version runs on a node.',
  },
  {
    path: 'image.pullPolicy',
    default: 'IfNotPresent',
    schema: { enum: ['Always', 'IfNotPresent', 'Never'] },
    help: 'When nodes fetch the image.',
  },
  {
    path: 'imagePullSecrets',
    default: [],
    schema: objects,
    help: 'Secrets for the registry, such as `[{name: registry}]`.',
  },
];

const programValues: readonly Value[] = [
  {
    path: 'args',
    default: [],
    schema: { type: 'array', items: { type: 'string', pattern: '^--' } },
    help: 'More options of the exporter, such as `["--minimum-free=10%"]`. The port stays 10056.',
  },
  {
    path: 'lvm.enabled',
    default: true,
    schema: flag,
    help: "Reads LVM's policy, monitoring and room in VGs. Takes the host's process ids, its /run and its /etc/lvm; on a node without /etc/lvm the pod does not start, rather than tell a policy that is not the node's. Turn it off there: pools are watched all the same.",
  },
  {
    path: 'docker.enabled',
    default: false,
    schema: flag,
    help: "Asks Docker, on its socket below the host's /run, for its floor and for the names of containers. Only for nodes whose Docker uses the devicemapper driver.",
  },
  {
    path: 'hostPaths',
    default: [],
    schema: { type: 'array', uniqueItems: true, items: { type: 'string', pattern: '^/' } },
    help: 'Directories of the host to see at the same place, read-only: those that hold the files under loop devices, such as `["/var/lib/docker/devicemapper"]`. Each has to be on every node.',
  },
  {
    path: 'webConfig.secretName',
    default: '',
    schema: text,
    help: 'A Secret with the key `web-config.yml`, and the certificates that it names: TLS and passwords for HTTP (`--web.config.file`). Probes and Prometheus then need the same: `livenessProbe`, `readinessProbe` and `podMonitor.endpoint`.',
  },
];

const rightsValues: readonly Value[] = [
  {
    path: 'securityContext',
    default: { privileged: true, readOnlyRootFilesystem: true, runAsUser: 0 },
    schema: object,
    help: 'Rights of the container. Kubernetes has no way to allow single devices, and without /dev/mapper/control nothing can be watched, so it is privileged. What it needs else: docs/kubernetes.md.',
  },
  {
    path: 'serviceAccountName',
    default: '',
    schema: text,
    help: "The pod's account; without one, the namespace's default. Its token is never mounted: the exporter does not speak to Kubernetes. OpenShift binds the right to be privileged to an account.",
  },
  {
    path: 'priorityClassName',
    default: '',
    schema: text,
    help: '`system-node-critical` keeps the pod on a node that is short of memory. Some clusters allow that only in kube-system.',
  },
];

const nodeValues: readonly Value[] = [
  {
    path: 'nodeSelector',
    default: { 'kubernetes.io/os': 'linux' },
    schema: words,
    help: 'The nodes to run on.',
  },
  {
    path: 'tolerations',
    default: [{ operator: 'Exists' }],
    schema: objects,
    help: 'Taints to bear: all, as a node under disk pressure is the one to look at.',
  },
  {
    path: 'affinity',
    default: {},
    schema: object,
    help: 'Affinity of the pods.',
  },
  {
    path: 'updateStrategy',
    default: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%' } },
    schema: object,
    help: 'How new versions come to the nodes.',
  },
  {
    path: 'resources',
    default: { requests: { cpu: '20m', memory: '128Mi' }, limits: { memory: '256Mi' } },
    schema: object,
    help: 'Measured, resident: 68 MiB for one pool, 74 MiB for 10 pools and 1,000 volumes, 113 MiB for 100 pools and 10,000. The request is a little more. The limit is twice that, which leaves room for the commands that run beside. No limit of CPU: a command that is throttled misses its deadline.',
  },
  {
    path: 'livenessProbe',
    default: probe(6),
    schema: object,
    help: 'Restarts an exporter that has not answered for a minute. Storage that hangs is no reason: `/-/healthy` tells only of the process.',
  },
  {
    path: 'readinessProbe',
    default: probe(3),
    schema: object,
    help: 'Not `/-/ready`, which fails where a pool hangs: the pod has to stay in service just then, a roll-out must not wait for a sick node, and the metrics tell it themselves.',
  },
  { path: 'podAnnotations', default: {}, schema: words, help: 'Annotations of the pods.' },
  { path: 'podLabels', default: {}, schema: words, help: 'More labels of the pods.' },
];

const monitoringValues: readonly Value[] = [
  {
    path: 'podMonitor.enabled',
    default: false,
    schema: flag,
    help: 'Makes a PodMonitor. Needs the Prometheus operator.',
  },
  {
    path: 'podMonitor.labels',
    default: selected,
    schema: words,
    help: "What the operator's `podMonitorSelector` asks for.",
  },
  {
    path: 'podMonitor.interval',
    default: '5s',
    schema: scrapeTime,
    help: 'How often to scrape: a pool with 20 GB free at 1 GB/s is full after 20 s.',
  },
  {
    path: 'podMonitor.scrapeTimeout',
    default: '4s',
    schema: scrapeTime,
    help: 'How long a scrape may take; less than the interval.',
  },
  {
    path: 'podMonitor.endpoint',
    default: {},
    schema: { type: 'object', properties: Object.fromEntries(givenByTemplate.map((name) => [name, false])) },
    help: 'More of the endpoint, such as `scheme`, `tlsConfig` and `basicAuth`.',
  },
  {
    path: 'prometheusRule.enabled',
    default: false,
    schema: flag,
    help: 'Makes a PrometheusRule of the alerts. Needs the Prometheus operator, and Prometheus 2.42.',
  },
  {
    path: 'prometheusRule.labels',
    default: selected,
    schema: words,
    help: "What the operator's `ruleSelector` asks for.",
  },
  {
    path: 'dashboards.enabled',
    default: false,
    schema: flag,
    help: "Makes a ConfigMap of each dashboard, for Grafana's sidecar.",
  },
  {
    path: 'dashboards.labels',
    default: { grafana_dashboard: '1' },
    schema: words,
    help: 'What the sidecar looks for.',
  },
  {
    path: 'dashboards.annotations',
    default: { grafana_folder: 'Thin pools' },
    schema: words,
    help: 'What the sidecar reads: the folder in Grafana.',
  },
];

/** Every value, in the order in which they are shown. */
export const values: readonly Value[] = [
  ...imageValues,
  ...programValues,
  ...rightsValues,
  ...nodeValues,
  ...monitoringValues,
];
