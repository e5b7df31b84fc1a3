import { describeNeeds } from '../../../src/collectors/collector.ts';
import { commands } from '../../../src/config/commands.ts';
import { describeName, environmentName, isSetBy, type Option, sections } from '../../../src/config/option.ts';
import { type ConfigurableCollector, generalOptions } from '../../../src/config/options.ts';
import { formatDuration } from '../../../src/format/duration.ts';

export interface ManPageInput {
  readonly version: string;
  /** `2026-07-01`. */
  readonly date: string;
  readonly collectors: readonly ConfigurableCollector[];
}

/** thinpool-exporter(8), in the man macros: from the tables that --help and docs/reference/options.md come from. */
export function renderManPage({ version, date, collectors }: ManPageInput): string {
  const rows: readonly Option[] = Object.values(generalOptions);
  return [
    `.TH THINPOOL\\-EXPORTER 8 ${date} "thinpool\\-exporter ${version}" "System Administration"`,
    ...section('NAME', [
      text('thinpool-exporter - Prometheus exporter and health monitor for device-mapper thin pools'),
    ]),
    ...section('SYNOPSIS', [
      '.B thinpool\\-exporter',
      '.RI [ COMMAND ]',
      '.RI [ OPTIONS ]',
      '.br',
      '.B thinpool\\-exporter help',
      '.I COMMAND',
    ]),
    ...section(
      'DESCRIPTION',
      description.flatMap((words, at) => [...(at === 0 ? [] : ['.PP']), text(words)]),
    ),
    ...section('COMMANDS', commands.flatMap(renderCommand)),
    ...section('OPTIONS', [
      text(origins),
      ...sections.flatMap((name) => [
        `.SS ${text(name)}`,
        ...rows.filter((row) => row.section === name).flatMap(renderOption),
      ]),
      '.SS Collectors',
      ...collectors.flatMap(renderCollector),
      ...collectorRest,
    ]),
    ...section(
      'FILES',
      files.flatMap(([file, about]) => entry(file, [text(about)])),
    ),
    ...section(
      'EXIT STATUS',
      exits.flatMap(([code, about]) => entry(code, [text(about)])),
    ),
    ...section('SEE ALSO', [
      '.BR dmsetup (8),',
      '.BR lvs (8),',
      '.BR lvmthin (7),',
      '.BR dmeventd (8),',
      '.BR prometheus (1)',
    ]),
    '',
  ].join('\n');
}

const description = [
  'Thin pools provision more space than they have. thinpool-exporter monitors every thin pool of a host, whether it ' +
    'belongs to LVM, Docker, Proxmox, containerd or no manager at all. It reports how full each pool is, its state, and what to do.',
  'Without a command it polls the host on a schedule and serves HTTP: /metrics for Prometheus, / for people, /api/v1 as JSON.',
];

const origins =
  'Precedence: flag, environment, options file, default. All invalid options are reported; exit status 2.';

const collectorRest = [
  ...entry('--collector.NAME.interval=DURATION', [text('Polling interval.')]),
  ...entry('--collector.NAME.timeout=DURATION', [
    text('Timeout of one query; must be shorter than the interval.'),
  ]),
];

const files = [
  ['/etc/default/thinpool-exporter', 'Options of the service, as environment variables.'],
  ['/dev/mapper/control', 'The device that dmsetup uses to query the kernel.'],
  ['/usr/share/thinpool-exporter/', 'Alert rules for Prometheus and dashboards for Grafana.'],
] as const;

const exits = [
  ['0', 'Success; check: all pools are healthy; doctor: no problems.'],
  ['1', 'Failure; check: warning; doctor: warnings.'],
  ['2', 'Invalid options; check: critical; doctor: something does not work.'],
  ['3', 'check: unknown, because device-mapper could not be read.'],
] as const;

function renderCommand(command: (typeof commands)[number]): readonly string[] {
  const details = 'details' in command ? ['.IP', text(command.details)] : [];
  return [...entry([command.name, ...command.operands].join(' '), [text(command.summary)]), ...details];
}

function renderOption(option: Option): readonly string[] {
  const { type, help } = option;
  const facts = [
    ...(type.list === true ? ['Repeat the option or separate values with commas.'] : []),
    ...(option.default === undefined || type.bare === true ? [] : [`Default: ${option.default}.`]),
    ...(isSetBy(option, 'environment') ? [`Environment: ${environmentName(option)}.`] : []),
    ...(option.commands === undefined ? [] : [`Used by: ${option.commands.join(', ')}.`]),
  ];
  return entry(describeName(option), [text(help), ...facts.map(text)]);
}

function renderCollector({ name, help, needs, defaults }: ConfigurableCollector): readonly string[] {
  const { intervalMs, timeoutMs } = defaults;
  return entry(`--collector.${name}=auto|on|off`, [
    text(help),
    text(`Needs ${describeNeeds(needs)}.`),
    text(`Interval: ${formatDuration(intervalMs)}. Timeout: ${formatDuration(timeoutMs)}.`),
  ]);
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return [`.SH ${title.includes(' ') ? `"${title}"` : title}`, ...lines];
}

/** A term, and its description indented below. */
function entry(term: string, lines: readonly string[]): readonly string[] {
  return ['.TP', `.B ${text(term)}`, ...lines];
}

/** Plain text escaped for roff: no line is a command, and a hyphen stays one when it is copied. */
function text(words: string): string {
  const escaped = words.replaceAll('\\', '\\e').replaceAll('-', '\\-');
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}
