import type { Source } from '../collectors/collector.ts';
import { formatDuration } from '../format/duration.ts';
import { dayMs, minuteMs, secondMs } from '../model/units.ts';
import type { Option } from './option.ts';
import {
  boolean,
  choice,
  duration,
  label,
  listenAddress,
  listOf,
  minimumFree,
  path,
  serverUrl,
  urlPath,
  type ValueType,
  whole,
} from './value-types.ts';

/** Every option but those of the collectors. The key is the name in `Config`. */
export const generalOptions = {
  configFile: {
    flag: 'config.file',
    type: path('FILE'),
    help: 'A YAML file with options, nested at the dots of their names.',
    section: 'General',
    from: ['flag', 'environment'],
  },
  replay: {
    flag: 'replay',
    type: path('DIR'),
    help: 'Read from a captured host in this directory instead of from this host.',
    section: 'General',
    from: ['flag', 'environment'],
  },
  listen: {
    flag: 'web.listen-address',
    type: listOf(listenAddress),
    default: ':10056',
    help: 'Where to answer HTTP. Without a host: on every address.',
    section: 'Web',
    commands: ['serve'],
  },
  systemdSocket: {
    flag: 'web.systemd-socket',
    type: boolean,
    default: 'false',
    help: 'Answer on the sockets that systemd passes on, instead of on --web.listen-address.',
    section: 'Web',
    commands: ['serve'],
  },
  webConfigFile: {
    flag: 'web.config.file',
    type: path('FILE'),
    help: "TLS, users, headers and a rate, in the format of Prometheus' exporter-toolkit. SIGHUP reads it again.",
    section: 'Web',
    commands: ['serve'],
  },
  telemetryPath: {
    flag: 'web.telemetry-path',
    type: urlPath,
    default: '/metrics',
    help: 'The path of the metrics.',
    section: 'Web',
    commands: ['serve'],
  },
  rawReadings: {
    flag: 'web.raw-readings',
    type: boolean,
    default: 'false',
    help: 'Show at /api/v1/sources/NAME the very text that was read. It may hold kernel messages and the names of images.',
    section: 'Web',
    commands: ['serve'],
  },
  logLevel: {
    flag: 'log.level',
    type: choice(['debug', 'info', 'warn', 'error']),
    default: 'info',
    help: 'The least severe message to log.',
    section: 'Logging',
  },
  logFormat: {
    flag: 'log.format',
    type: choice(['text', 'json']),
    default: 'text',
    help: 'Lines for people or one JSON object a line. The log goes to standard error.',
    section: 'Logging',
  },
  segMonitor: {
    flag: 'collector.lvm.seg-monitor',
    type: choice(['auto', 'on', 'off']),
    default: 'auto',
    help: 'Ask LVM whether pools are monitored. LVM starts dmeventd when asked: auto asks only where it runs and answers.',
    section: 'Collection',
  },
  poolEvents: {
    flag: 'collector.pools.events',
    type: boolean,
    default: 'true',
    help: 'Read a pool at once when the kernel log tells that it crossed its low water mark, changed its mode or grew.',
    section: 'Collection',
    commands: ['serve', 'doctor'],
  },
  closeWatches: {
    flag: 'collector.pools.close-watches',
    type: whole(0, 64),
    default: '8',
    help: 'So many pools at most are read more often than configured, down to each second: after an event, and while they could soon be full. 0: none, and no event wakes a reading.',
    section: 'Collection',
    commands: ['serve'],
  },
  dockerBy: {
    flag: 'collector.docker.by',
    type: choice(['auto', 'command', 'socket']),
    default: 'auto',
    help: "Ask Docker by the docker command, or by the Engine API on the daemon's Unix socket. auto: by the socket where there is no command.",
    section: 'Collection',
  },
  maxVolumes: {
    flag: 'volumes.max',
    type: whole(0, 100_000),
    default: '2000',
    help: 'Read so many thin volumes at most; the rest is counted.',
    section: 'Collection',
  },
  missingForgetAfterMs: {
    flag: 'missing.forget-after',
    type: duration(secondMs, 30 * dayMs),
    default: '1h',
    help: 'Report a pool that is gone as missing for so long.',
    section: 'Health',
    commands: ['serve'],
  },
  minimumFree: {
    flag: 'minimum-free',
    type: listOf(minimumFree),
    help: "A floor under a pool's free space, for pools whose user does not tell its own.",
    section: 'Health',
  },
  alertmanagers: {
    flag: 'alertmanager.url',
    type: listOf(serverUrl),
    help: 'Post what pages straight to this Alertmanager, as the shipped rules would; to every peer of a cluster.',
    section: 'Direct page',
    commands: ['serve'],
  },
  alertmanagerLabels: {
    flag: 'alertmanager.label',
    type: listOf(label),
    help: "A label that Prometheus adds to this exporter's series or alerts. Unless given: job=thinpool, and instance, the host's name with the port of --web.listen-address.",
    section: 'Direct page',
    commands: ['serve'],
  },
  alertmanagerResendMs: {
    flag: 'alertmanager.resend-interval',
    type: duration(secondMs, minuteMs),
    default: '10s',
    help: 'Post what still holds so often.',
    section: 'Direct page',
    commands: ['serve'],
  },
  alertmanagerTimeoutMs: {
    flag: 'alertmanager.timeout',
    type: duration(100, minuteMs),
    default: '3s',
    help: 'How long a post may take.',
    section: 'Direct page',
    commands: ['serve'],
  },
  alertmanagerCredentials: {
    flag: 'alertmanager.basic-auth-file',
    type: path('FILE'),
    help: 'A file with USER:PASSWORD in its first line, for Alertmanager. Read at the start.',
    section: 'Direct page',
    commands: ['serve'],
  },
  alertmanagerCa: {
    flag: 'alertmanager.ca-file',
    type: path('FILE'),
    help: "Certificates (PEM) to know Alertmanager's by, instead of those that Node.js trusts. Read at the start.",
    section: 'Direct page',
    commands: ['serve'],
  },
  json: {
    flag: 'json',
    type: boolean,
    default: 'false',
    help: 'Print JSON.',
    section: 'Output',
    commands: ['check'],
    from: ['flag'],
  },
  scramble: {
    flag: 'scramble',
    type: boolean,
    default: 'false',
    help: 'Replace names and UUIDs, the same one always by the same word.',
    section: 'Output',
    commands: ['capture'],
    from: ['flag'],
  },
} as const satisfies Record<string, Option>;

export const collectorModes = ['auto', 'on', 'off'] as const;

/** What the options need to know of a source. */
export type Collector = Pick<Source, 'name' | 'help' | 'needs' | 'defaults'>;

/** The three options of one source. The key is the name in `CollectorSettings`. */
export function collectorOptions({ name, help, defaults }: Collector) {
  const flag = `collector.${name}`;
  const section = 'Collectors';
  return {
    mode: {
      flag,
      path: `${flag}.mode`,
      type: choice(collectorModes),
      default: 'auto',
      help: `${help} auto: where it is there; on: its absence is a failure.`,
      section,
    },
    intervalMs: {
      flag: `${flag}.interval`,
      type: duration(secondMs, dayMs),
      default: formatDuration(defaults.intervalMs),
      help: 'The time from one reading to the next.',
      section,
    },
    timeoutMs: {
      flag: `${flag}.timeout`,
      type: duration(100, dayMs),
      default: formatDuration(defaults.timeoutMs),
      help: 'How long one reading may take; less than the interval.',
      section,
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

/** Every option's value. */
export interface Config extends Settings<typeof generalOptions> {
  /** By the name of the source. */
  readonly collectors: Readonly<Record<string, CollectorSettings>>;
}

/** Every option there is, in the order of help. */
export function listOptions(collectors: readonly Collector[]): readonly Option[] {
  const rows: Option[] = Object.values(generalOptions);
  for (const collector of collectors) rows.push(...Object.values(collectorOptions(collector)));
  return rows;
}
