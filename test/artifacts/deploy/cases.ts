const monitoring = {
  podMonitor: { enabled: true },
  prometheusRule: { enabled: true },
  dashboards: { enabled: true },
};

/** Values under which the chart is rendered: what each branch of each template needs. */
export const cases: readonly (readonly [name: string, values: object])[] = [
  ['nothing set', {}],
  ['monitoring', monitoring],
  ['without LVM', { lvm: { enabled: false } }],
  ['options alone', { options: { log: { level: 'debug' } } }],
  [
    'findings alone',
    { findings: [{ code: 'autoextend-off', severity: 'critical', reason: 'it must be on' }] },
  ],
  [
    'everything',
    {
      ...monitoring,
      image: { repository: 'registry.example/thin/exporter', tag: '1.2.3', pullPolicy: 'Always' },
      imagePullSecrets: [{ name: 'registry' }],
      args: ['--minimum-free=10%', '--log.format=json'],
      options: { 'nearly-full': { warning: '80%' }, 'volumes.max': 100 },
      findings: [
        { code: 'loopback-in-use', severity: 'muted', until: '2027-01-31', reason: 'moves in January' },
        { code: 'status-stuck', pool: 'test-*', severity: 'warning', reason: 'test machines' },
      ],
      docker: { enabled: true },
      hostPaths: ['/var/lib/docker/devicemapper', '/srv/pools'],
      webConfig: { secretName: 'web' },
      serviceAccountName: 'thin',
      priorityClassName: 'system-node-critical',
      nodeSelector: { 'node.example/pools': 'yes' },
      affinity: {
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } },
      },
      podAnnotations: { 'example.org/a': 'b' },
      podLabels: { team: 'storage', 'app.kubernetes.io/name': 'not to be overruled' },
      podMonitor: { enabled: true, endpoint: { scheme: 'https', tlsConfig: { insecureSkipVerify: true } } },
    },
  ],
  [
    'everything empty',
    {
      ...monitoring,
      lvm: { enabled: false },
      tolerations: [],
      nodeSelector: { 'kubernetes.io/os': null },
      livenessProbe: null,
      readinessProbe: null,
      podMonitor: { enabled: true, labels: { release: null } },
      prometheusRule: { enabled: true, labels: { release: null } },
      dashboards: {
        enabled: true,
        labels: { grafana_dashboard: null },
        annotations: { grafana_folder: null },
      },
    },
  ],
];
