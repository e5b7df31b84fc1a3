import { severities } from '../../src/model/finding.ts';

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

/** An entry of the option `findings`. The exporter checks the code. */
const finding = {
  type: 'object',
  additionalProperties: false,
  required: ['code', 'severity', 'reason'],
  properties: {
    code: { type: 'string', minLength: 1 },
    pool: { type: 'string', minLength: 1 },
    severity: { enum: ['muted', ...severities] },
    until: { type: 'string', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' },
    reason: { type: 'string', minLength: 1 },
  },
} as const;

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
    help: 'The image, without its tag. It is in no registry yet: build it, push it to a registry of yours, and set its name here. An image with the default name must be loaded on every node.',
  },
  {
    path: 'image.tag',
    default: '',
    schema: { type: 'string', not: { const: 'latest' } },
    help: 'The tag of the image. If empty, the version of the program that the chart belongs to. `latest` is refused, because it does not say which version runs on a node.',
  },
  {
    path: 'image.pullPolicy',
    default: 'IfNotPresent',
    schema: { enum: ['Always', 'IfNotPresent', 'Never'] },
    help: 'When nodes pull the image.',
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
    help: 'More options of the exporter, such as `["--minimum-free=10%"]`. The port is always 10058.',
  },
  {
    path: 'options',
    default: {},
    schema: object,
    help: 'Content of the options file (`--config.file`), such as `{nearly-full: {warning: 80%}}`. It becomes a ConfigMap; a change replaces the pods. `args` come before it.',
  },
  {
    path: 'findings',
    default: [],
    schema: { type: 'array', items: finding },
    help: 'The list `findings` of the options file: findings that raise no alert until a day (`severity: muted`), or that have another severity.',
  },
  {
    path: 'lvm.enabled',
    default: true,
    schema: flag,
    help: "Reads LVM's policy, monitoring and free space in VGs. Needs the host's process IDs, its /run and its /etc/lvm. On a node without /etc/lvm the pod does not start, because it would report a policy that is not the node's. Turn it off there: pools are still watched.",
  },
  {
    path: 'docker.enabled',
    default: false,
    schema: flag,
    help: "Queries Docker, on its socket below the host's /run, for its minimum free space and the names of containers. Only for nodes whose Docker uses the devicemapper driver.",
  },
  {
    path: 'hostPaths',
    default: [],
    schema: { type: 'array', uniqueItems: true, items: { type: 'string', pattern: '^/' } },
    help: 'Directories of the host to mount read-only at the same path: those with the files below loop devices, such as `["/var/lib/docker/devicemapper"]`. Each must exist on every node.',
  },
  {
    path: 'webConfig.secretName',
    default: '',
    schema: text,
    help: 'A Secret with the key `web-config.yml` and the certificates that it names, for TLS and passwords (`--web.config.file`). Probes and Prometheus must then use the same scheme and password: set `livenessProbe`, `readinessProbe` and `podMonitor.endpoint`.',
  },
];

const rightsValues: readonly Value[] = [
  {
    path: 'securityContext',
    default: { privileged: true, readOnlyRootFilesystem: true, runAsUser: 0 },
    schema: object,
    help: 'Permissions of the container. It is privileged because Kubernetes cannot allow single devices, and without /dev/mapper/control nothing can be watched. Other requirements: docs/guide/kubernetes.md.',
  },
  {
    path: 'serviceAccountName',
    default: '',
    schema: text,
    help: "The pod's service account. If empty, the namespace's default. Its token is never mounted, because the exporter does not use the Kubernetes API. OpenShift grants privileged containers by service account.",
  },
  {
    path: 'priorityClassName',
    default: '',
    schema: text,
    help: '`system-node-critical` keeps the pod on a node that is short of memory. Some clusters allow this class only in kube-system.',
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
    help: 'Taints to tolerate. The default is all, because a node under disk pressure is the one that needs watching.',
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
    help: 'How nodes are updated to a new version.',
  },
  {
    path: 'resources',
    default: { requests: { cpu: '20m', memory: '128Mi' }, limits: { memory: '256Mi' } },
    schema: object,
    help: 'Measured resident memory: 72 MiB for one pool, 75 MiB for 10 pools and 1,000 volumes, 123 MiB for 100 pools and 10,000 volumes. The request is a little more. The limit is twice the request, which leaves memory for the commands that the exporter runs. There is no CPU limit, because a throttled command misses its deadline.',
  },
  {
    path: 'livenessProbe',
    default: probe(6),
    schema: object,
    help: 'Restarts an exporter that has not responded for a minute. Hung storage does not cause a restart: `/-/healthy` reports only on the process.',
  },
  {
    path: 'readinessProbe',
    default: probe(3),
    schema: object,
    help: 'Not `/-/ready`, which fails while a pool hangs: the pod must stay in service at such a time, a rollout must not wait for a sick node, and the metrics report the pool anyway.',
  },
  { path: 'podAnnotations', default: {}, schema: words, help: 'Annotations of the pods.' },
  { path: 'podLabels', default: {}, schema: words, help: 'More labels of the pods.' },
];

const monitoringValues: readonly Value[] = [
  {
    path: 'podMonitor.enabled',
    default: false,
    schema: flag,
    help: 'Creates a PodMonitor. Needs the Prometheus operator.',
  },
  {
    path: 'podMonitor.labels',
    default: selected,
    schema: words,
    help: "The labels that the operator's `podMonitorSelector` selects.",
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
    help: 'How long a scrape may take. Must be less than the interval.',
  },
  {
    path: 'podMonitor.endpoint',
    default: {},
    schema: { type: 'object', properties: Object.fromEntries(givenByTemplate.map((name) => [name, false])) },
    help: 'More fields of the endpoint, such as `scheme`, `tlsConfig` and `basicAuth`.',
  },
  {
    path: 'prometheusRule.enabled',
    default: false,
    schema: flag,
    help: 'Creates a PrometheusRule with the alerts. Needs the Prometheus operator, and Prometheus 2.42 or newer.',
  },
  {
    path: 'prometheusRule.labels',
    default: selected,
    schema: words,
    help: "The labels that the operator's `ruleSelector` selects.",
  },
  {
    path: 'dashboards.enabled',
    default: false,
    schema: flag,
    help: "Creates a ConfigMap for each dashboard, for Grafana's sidecar.",
  },
  {
    path: 'dashboards.labels',
    default: { grafana_dashboard: '1' },
    schema: words,
    help: 'The label that the sidecar selects.',
  },
  {
    path: 'dashboards.annotations',
    default: { grafana_folder: 'Thin pools' },
    schema: words,
    help: 'Annotations for the sidecar: the folder in Grafana.',
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
