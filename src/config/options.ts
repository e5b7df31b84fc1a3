import type { Collector } from '../collectors/collector.ts';
import { formatDuration } from '../format/duration.ts';
import { projectRunbooks } from '../model/project.ts';
import { dayMs, hourMs, minuteMs, secondMs } from '../model/units.ts';
import { findingOptions } from './finding-options.ts';
import type { Option } from './option.ts';
import {
  boolean,
  bytes,
  choice,
  duration,
  hostName,
  label,
  listenAddress,
  listOf,
  minimumFree,
  path,
  percent,
  poolGlob,
  runbookUrl,
  serverUrl,
  speed,
  timeOfDay,
  urlPath,
  type ValueType,
  whole,
} from './value-types.ts';

/** Every option except those of collectors. The key is the name in `Config`. */
export const generalOptions = {
  configFile: {
    flag: 'config.file',
    type: path('FILE'),
    help: 'YAML file of options, nested at the dots of their names. Reloaded on SIGHUP.',
    section: 'General',
    from: ['flag', 'environment'],
  },
  replay: {
    flag: 'replay',
    type: path('DIR'),
    help: 'Read a captured host from this directory instead of this host.',
    section: 'General',
    from: ['flag', 'environment'],
  },
  hostName: {
    flag: 'host-name',
    type: hostName,
    help: 'Name of this host on the status page and in direct notifications, instead of the one that the system has. In a container that is the name of the container.',
    section: 'General',
    commands: ['serve'],
  },
  listen: {
    flag: 'web.listen-address',
    type: listOf(listenAddress),
    default: ':10058',
    help: 'Address to listen on for HTTP. Without a host part: all addresses.',
    section: 'Web',
    commands: ['serve'],
  },
  systemdSocket: {
    flag: 'web.systemd-socket',
    type: boolean,
    default: 'false',
    help: 'Use systemd socket activation listeners instead of --web.listen-address.',
    section: 'Web',
    commands: ['serve'],
  },
  webConfigFile: {
    flag: 'web.config.file',
    type: path('FILE'),
    help: "File for TLS, users, headers and a rate limit, in the format of Prometheus' exporter-toolkit. Reloaded on SIGHUP.",
    section: 'Web',
    commands: ['serve'],
  },
  telemetryPath: {
    flag: 'web.telemetry-path',
    type: urlPath,
    default: '/metrics',
    help: 'Path under which metrics are exposed.',
    section: 'Web',
    commands: ['serve'],
  },
  exposeRawOutput: {
    flag: 'web.expose-raw-output',
    type: boolean,
    default: 'false',
    help: 'Include the raw output of each query in /api/v1/collectors/NAME. It may contain kernel messages and image names.',
    section: 'Web',
    commands: ['serve'],
  },
  metricSet: {
    flag: 'metrics.set',
    type: choice(['essential', 'all']),
    default: 'essential',
    help: 'Which metrics to export. essential: what the shipped alerts, dashboards and runbooks use, and states only while they are not 0. all: everything in the reference.',
    section: 'Metrics',
    commands: ['serve', 'textfile'],
    reload: true,
  },
  detailedVolumes: {
    flag: 'metrics.detailed-volumes',
    type: whole(0, 100_000),
    default: '1',
    help: 'Thin volumes of each pool with all metrics of volumes if --metrics.set is essential: the fastest-growing and the largest. The others have their names and mapped space only.',
    section: 'Metrics',
    commands: ['serve', 'textfile'],
    reload: true,
  },
  logLevel: {
    flag: 'log.level',
    type: choice(['debug', 'info', 'warn', 'error']),
    default: 'info',
    help: 'Minimum severity of messages to log.',
    section: 'Logging',
    reload: true,
  },
  logFormat: {
    flag: 'log.format',
    type: choice(['text', 'json']),
    default: 'text',
    help: 'Log format: logfmt (text) or one JSON object per line. Logs go to standard error.',
    section: 'Logging',
  },
  lvmScope: {
    flag: 'collector.lvm.scope',
    type: choice(['all', 'pools']),
    default: 'all',
    help: 'Which VGs LVM reads. pools: only those with thin pools, so that the disks of others stay asleep; all of them at the start, once a day, and when something has changed. Applies to serve.',
    section: 'Collection',
    reload: true,
  },
  segMonitor: {
    flag: 'collector.lvm.seg-monitor',
    type: choice(['auto', 'on', 'off']),
    default: 'auto',
    help: 'Whether to query LVM for monitoring status. The query makes LVM start dmeventd, so auto sends it only while dmeventd is running and responsive.',
    section: 'Collection',
    reload: true,
  },
  poolEvents: {
    flag: 'collector.pools.events',
    type: boolean,
    default: 'true',
    help: 'Poll a pool immediately when the kernel log reports that it hit its low water mark, changed mode or was extended.',
    section: 'Collection',
    commands: ['serve', 'doctor'],
  },
  maxFastPolled: {
    flag: 'collector.pools.max-fast-polled',
    type: whole(0, 64),
    default: '8',
    help: 'Maximum number of pools to poll faster than configured (down to every second), after a kernel event or while they could soon be full. 0 disables fast polling and polling on kernel events.',
    section: 'Collection',
    commands: ['serve'],
  },
  dockerTransport: {
    flag: 'collector.docker.transport',
    type: choice(['auto', 'command', 'socket']),
    default: 'auto',
    help: "How to query Docker: the docker command, or the Engine API on the daemon's Unix socket. auto: the command, or the socket if the command is not installed.",
    section: 'Collection',
    reload: true,
  },
  poolsInclude: {
    flag: 'pools.include',
    type: listOf(poolGlob),
    help: 'Watch only the pools with these names. If not set: all.',
    section: 'Collection',
    reload: true,
  },
  poolsExclude: {
    flag: 'pools.exclude',
    type: listOf(poolGlob),
    help: 'Do not watch the pools with these names: they have no metrics, findings and alerts. Only their status is still queried, because a pool that hangs also hangs LVM.',
    section: 'Collection',
    reload: true,
  },
  maxVolumes: {
    flag: 'volumes.max',
    type: whole(0, 100_000),
    default: '2000',
    help: 'Maximum number of thin volumes to read; the rest are only counted. Of more, those that grow most and the largest are read, as LVM reports them.',
    section: 'Collection',
    reload: true,
  },
  exclusiveAt: {
    flag: 'volumes.exclusive-at',
    type: timeOfDay,
    help: 'Time of day (UTC) at which to measure what each thin volume shares with none: what its removal would free. This changes pools for a moment: it reserves the metadata snapshot of each healthy pool, reads it with thin_ls, and releases it. If not set: never.',
    section: 'Collection',
    commands: ['serve'],
  },
  exclusiveState: {
    flag: 'volumes.exclusive-state',
    type: path('FILE'),
    default: '/var/lib/thinpool-exporter/exclusive.json',
    help: 'File that records the metadata snapshots that --volumes.exclusive-at has reserved, so that they are released after a crash, and what was measured.',
    section: 'Collection',
    commands: ['serve', 'top'],
  },
  missingRetentionMs: {
    flag: 'pools.missing-retention',
    type: duration(secondMs, 30 * dayMs),
    default: '1h',
    help: 'How long to report a vanished pool as missing.',
    section: 'Health',
    commands: ['serve'],
    reload: true,
  },
  minimumFree: {
    flag: 'minimum-free',
    type: listOf(minimumFree),
    help: 'Minimum free space, in percent, for pools whose consumer reports none.',
    section: 'Health',
    reload: true,
  },
  nearlyFullWarning: {
    flag: 'nearly-full.warning',
    type: percent(1, 100),
    default: '85',
    help: 'Used space from which a pool is nearly full: a warning, once it has lasted half an hour.',
    section: 'Health',
    reload: true,
  },
  nearlyFullCritical: {
    flag: 'nearly-full.critical',
    type: percent(1, 100),
    help: 'Used space from which a nearly full pool is critical. If not set: when less than 2% and 1 GiB of data, or 5% and 4 MiB of metadata, is left.',
    section: 'Health',
    reload: true,
  },
  runsOutWithinMs: {
    flag: 'runs-out.within',
    type: duration(minuteMs, 2 * hourMs),
    default: '20m',
    help: 'Time left until a pool is full at which it is critical: the time that you need to react. Before its minimum free space, half of it.',
    section: 'Health',
    commands: ['serve'],
    reload: true,
  },
  lvmRefusalSeverity: {
    flag: 'lvm-refusal.severity',
    type: choice(['warning', 'critical']),
    default: 'warning',
    help: 'Severity of LVM refusing new thin volumes and snapshots: critical where volumes are created all the time, for example by Kubernetes, Qubes or Incus.',
    section: 'Health',
    reload: true,
  },
  runbookUrl: {
    flag: 'runbook-url',
    type: runbookUrl,
    default: projectRunbooks,
    help: 'Where links to runbooks lead: {alert} stands for the name of the alert; without it, the name is appended as the last part. Every exporter serves its runbooks at /runbooks.',
    section: 'Health',
    commands: ['serve', 'check', 'rules'],
    reload: true,
  },
  findings: {
    flag: 'findings',
    type: findingOptions,
    help: 'Findings that raise no alert until a day (severity: muted), or that have another severity: a list of entries with code, pool (a pattern; optional), severity, until (optional unless muted) and reason. Of several entries for a finding, the first one counts.',
    section: 'Health',
    commands: ['serve', 'check', 'textfile', 'doctor'],
    from: ['file'],
    reload: true,
  },
  alertmanagers: {
    flag: 'alertmanager.url',
    type: listOf(serverUrl),
    help: 'Alertmanager to send paging alerts to directly, as the shipped rules would raise them. List every peer of a cluster.',
    section: 'Direct notification',
    commands: ['serve'],
  },
  alertmanagerLabels: {
    flag: 'alertmanager.label',
    type: listOf(label),
    help: "Label that Prometheus adds to this exporter's series or alerts. If not set: job=thinpool, and instance is the host name with the port of --web.listen-address.",
    section: 'Direct notification',
    commands: ['serve', 'rules'],
  },
  alertmanagerResendMs: {
    flag: 'alertmanager.resend-interval',
    type: duration(secondMs, minuteMs),
    default: '10s',
    help: 'How often to re-send active alerts.',
    section: 'Direct notification',
    commands: ['serve'],
  },
  alertmanagerTimeoutMs: {
    flag: 'alertmanager.timeout',
    type: duration(100, minuteMs),
    default: '3s',
    help: 'Timeout for one request to Alertmanager.',
    section: 'Direct notification',
    commands: ['serve'],
  },
  alertmanagerCredentials: {
    flag: 'alertmanager.basic-auth-file',
    type: path('FILE'),
    help: 'File with USER:PASSWORD on its first line, for Alertmanager. Read at startup.',
    section: 'Direct notification',
    commands: ['serve'],
  },
  alertmanagerCa: {
    flag: 'alertmanager.ca-file',
    type: path('FILE'),
    help: "CA certificates (PEM) to verify Alertmanager's certificate, instead of those that Node.js trusts. Read at startup.",
    section: 'Direct notification',
    commands: ['serve'],
  },
  warning: {
    flag: 'warning',
    type: percent(1, 100),
    help: 'The same as --nearly-full.warning, as monitoring plugins call it.',
    section: 'Output',
    commands: ['check'],
    from: ['flag'],
  },
  critical: {
    flag: 'critical',
    type: percent(1, 100),
    help: 'The same as --nearly-full.critical, as monitoring plugins call it.',
    section: 'Output',
    commands: ['check'],
    from: ['flag'],
  },
  checkOnly: {
    flag: 'check',
    type: boolean,
    default: 'false',
    help: 'Print nothing but what is wrong, also in the files that options name. Exit status: 0 valid, 2 invalid. For CI, and for ExecStartPre of a unit.',
    section: 'Output',
    commands: ['config'],
    from: ['flag'],
  },
  json: {
    flag: 'json',
    type: boolean,
    default: 'false',
    help: 'Print JSON.',
    section: 'Output',
    commands: ['check', 'room', 'plan', 'top'],
    from: ['flag'],
  },
  newVolume: {
    flag: 'new-volume',
    type: boolean,
    default: 'false',
    help: 'A thin volume or snapshot will be created first: what LVM refuses to create does not fit.',
    section: 'Output',
    commands: ['room'],
    from: ['flag'],
  },
  sample: {
    flag: 'sample',
    type: duration(secondMs, hourMs),
    help: 'Read the pool again after this time, to learn how fast it fills up.',
    section: 'Output',
    commands: ['room', 'plan'],
    from: ['flag'],
  },
  growth: {
    flag: 'growth',
    type: bytes,
    help: 'What the data of the pool grows by in a day, as its history shows. Instead of --sample.',
    section: 'Output',
    commands: ['plan'],
    from: ['flag'],
  },
  limit: {
    flag: 'limit',
    short: 'n',
    type: whole(1, 100_000),
    default: '10',
    help: 'Maximum number of items to list (also -n NUMBER).',
    section: 'Output',
    commands: ['top'],
    from: ['flag'],
  },
  format: {
    flag: 'format',
    type: choice(['prometheus', 'operator', 'vmalert', 'alertmanager']),
    default: 'prometheus',
    help: "For which program: the rules for Prometheus 2.42 or newer, the Prometheus operator or vmalert, or an example of Alertmanager's routes and inhibition.",
    section: 'Output',
    commands: ['rules'],
    from: ['flag'],
  },
  demoStory: {
    flag: 'story',
    type: choice(['docker', 'proxmox']),
    default: 'docker',
    help: 'The simulated host: one with Docker, LVM and five pools, or pve/data of Proxmox VE, which a backup and a snapshot fill.',
    section: 'Demo',
    commands: ['demo'],
    from: ['flag'],
  },
  demoSpeed: {
    flag: 'speed',
    type: speed,
    default: '1',
    help: 'Speed of the story, which takes four minutes at 1. Alerts are not faster, because their rules judge minutes.',
    section: 'Demo',
    commands: ['demo'],
    from: ['flag'],
  },
  demoFrom: {
    flag: 'from',
    type: whole(0, 240),
    default: '0',
    help: 'Start at this second of the story.',
    section: 'Demo',
    commands: ['demo'],
    from: ['flag'],
  },
  demoForMs: {
    flag: 'for',
    type: duration(secondMs, dayMs),
    help: 'Stop after this time.',
    section: 'Demo',
    commands: ['demo'],
    from: ['flag'],
  },
  demoWithoutAlerting: {
    flag: 'no-alerting',
    type: boolean,
    default: 'false',
    help: 'Do not start Prometheus and Alertmanager.',
    section: 'Demo',
    commands: ['demo'],
    from: ['flag'],
  },
  demoKeepFiring: {
    flag: 'keep-firing',
    type: boolean,
    default: 'false',
    help: 'Keep keep_firing_for in the rules. Alerts then resolve two minutes to three hours later; most never do, because the story starts over before that.',
    section: 'Demo',
    commands: ['demo'],
    from: ['flag'],
  },
  scramble: {
    flag: 'scramble',
    type: boolean,
    default: 'false',
    help: 'Keep only numbers and words that are known to be harmless, and replace every other word consistently.',
    section: 'Output',
    commands: ['capture'],
    from: ['flag'],
  },
} as const satisfies Record<string, Option>;

export const collectorModes = ['auto', 'on', 'off'] as const;

/** The part of a collector that its options are made from. */
export type ConfigurableCollector = Pick<Collector, 'name' | 'help' | 'needs' | 'defaults'>;

/** The three options of one collector. The key is the name in `CollectorSettings`. */
export function collectorOptions({ name, help, defaults }: ConfigurableCollector) {
  const flag = `collector.${name}`;
  const section = 'Collectors';
  return {
    mode: {
      flag,
      path: `${flag}.mode`,
      type: choice(collectorModes),
      default: 'auto',
      help: `${help} auto: read if present; on: absence is a failure; off: never read.`,
      section,
      reload: true,
    },
    intervalMs: {
      flag: `${flag}.interval`,
      type: duration(secondMs, dayMs),
      default: formatDuration(defaults.intervalMs),
      help: 'Polling interval.',
      section,
      reload: true,
    },
    timeoutMs: {
      flag: `${flag}.timeout`,
      type: duration(100, dayMs),
      default: formatDuration(defaults.timeoutMs),
      help: 'Timeout of one query; must be shorter than the interval.',
      section,
      reload: true,
    },
  } as const satisfies Record<string, Option>;
}

type Row = Readonly<Record<string, Option>>;
type ValueOf<Of> = Of extends { type: ValueType<infer Value> }
  ? Of extends { default: string }
    ? Value
    : Value | undefined
  : never;
export type Settings<Table extends Row> = { readonly [Key in keyof Table]: ValueOf<Table[Key]> };

export type CollectorSettings = Settings<ReturnType<typeof collectorOptions>>;

export interface Config extends Settings<typeof generalOptions> {
  /** Keyed by collector name. */
  readonly collectors: Readonly<Record<string, CollectorSettings>>;
}

/** All options, in the order of the help. */
export function listOptions(collectors: readonly ConfigurableCollector[]): readonly Option[] {
  const rows: Option[] = Object.values(generalOptions);
  for (const collector of collectors) rows.push(...Object.values(collectorOptions(collector)));
  return rows;
}
