import { describeNeeds } from '../collectors/collector.ts';
import { type Command, type CommandName, commands, findCommand } from '../config/commands.ts';
import { describeName, environmentName, isUsedBy, type Option, sections } from '../config/option.ts';
import { type ConfigurableCollector, generalOptions } from '../config/options.ts';
import { alignColumns } from '../format/columns.ts';
import { formatDuration } from '../format/duration.ts';
import { wrap } from '../format/wrap.ts';

const program = 'thinpool-exporter';
const width = 100;

/** Help for one command, or for the program with the options of `serve`. */
export function renderHelp(collectors: readonly ConfigurableCollector[], name?: CommandName): string {
  const command: Command | undefined = name === undefined ? undefined : findCommand(name);
  const options = renderSections(name ?? 'serve', command?.readsHost !== false);
  const parts = [
    ...(command === undefined ? renderOverview() : renderCommand(command)),
    ...options,
    ...(command?.readsHost === false ? [] : [renderCollectors(collectors)]),
    ...(options.length === 0 ? [] : [renderElsewhere()]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function renderOverview(): string[] {
  return [
    `${program}: Prometheus exporter and health monitor for device-mapper thin pools`,
    `Usage: ${program} [COMMAND] [OPTIONS]\n       ${program} help COMMAND | --help | --version`,
    `Commands:\n${commands.map((command) => `  ${usage(command)}\n${wrap(command.summary, '      ', width)}`).join('\n')}`,
  ];
}

function renderCommand(command: Command): string[] {
  const details = command.details === undefined ? [] : [wrap(command.details, '', width)];
  return [`Usage: ${program} ${usage(command)} [OPTIONS]`, wrap(command.summary, '', width), ...details];
}

function usage({ name, operands }: Command): string {
  return [name, ...operands].join(' ');
}

function renderSections(command: CommandName, readsHost: boolean): string[] {
  const rows: readonly Option[] = Object.values(generalOptions);
  const own = rows.filter(
    (option) => isUsedBy(option, command) && (readsHost || option.commands !== undefined),
  );
  const used = own.length === 0 || readsHost ? own : [generalOptions.configFile, ...own];
  return sections
    .map((section) => ({ section, rows: used.filter((option) => option.section === section) }))
    .filter((group) => group.rows.length > 0)
    .map((group) => `${group.section}:\n${group.rows.map(renderOption).join('\n')}`);
}

function renderOption(option: Option): string {
  const { type, help } = option;
  const several = type.list === true ? ' Repeat the option or separate values with commas.' : '';
  const off = type.bare === true && option.default === 'true' ? ` --${option.flag}=false turns it off.` : '';
  const byDefault =
    option.default === undefined || (type.bare === true && off === '')
      ? ''
      : ` Default: ${option.default}.${off}`;
  return `  ${describeName(option)}\n${wrap(`${help}${several}${byDefault}`, '      ', width)}`;
}

function renderCollectors(collectors: readonly ConfigurableCollector[]): string {
  const rows = collectors.map(({ name, needs, defaults }) => [
    `    ${name}`,
    formatDuration(defaults.intervalMs),
    formatDuration(defaults.timeoutMs),
    describeNeeds(needs),
  ]);
  return [
    'Collectors:',
    '  --collector.NAME=auto|on|off',
    wrap('auto: read if present; on: absence is a failure; off: never read. Default: auto.', '      ', width),
    '  --collector.NAME.interval=DURATION, --collector.NAME.timeout=DURATION',
    '      Polling interval, and timeout of one query.',
    '',
    ...alignColumns([['    NAME', 'interval', 'timeout', 'needs'], ...rows]),
  ].join('\n');
}

function renderElsewhere(): string {
  const { logLevel } = generalOptions;
  const text =
    `Every option can also be set by an environment variable (--${logLevel.flag} is ${environmentName(logLevel)}) ` +
    'or, except --config.file and --replay, in the options file ("log: {level: debug}"). ' +
    'Output options are flags only. Precedence: flag, environment, file, default. ' +
    'All invalid options are reported; exit status 2.';
  return wrap(text, '', width);
}
