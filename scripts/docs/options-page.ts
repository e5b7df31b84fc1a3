import { describeNeeds } from '../../src/collectors/collector.ts';
import { environmentName, isSetBy, type Option, sections, yamlPath } from '../../src/config/option.ts';
import { type ConfigurableCollector, collectorModes, generalOptions } from '../../src/config/options.ts';
import { formatDuration } from '../../src/format/duration.ts';

/** docs/reference/options.md. */
export function renderOptionsPage(collectors: readonly ConfigurableCollector[]): string {
  const rows: readonly Option[] = Object.values(generalOptions);
  const bySection = sections.map((section) =>
    renderSection(
      section,
      rows.filter((row) => row.section === section),
    ),
  );
  return [preamble, ...bySection, renderCollectors(collectors)].join('\n\n');
}

const preamble = `# Options

Generated from \`src/config/options.ts\`; do not edit.

Precedence: flag, environment variable, options file, default. An empty variable counts as unset. Every value is
validated, including those that a higher-precedence origin overrides. All errors, including unknown flags and unknown keys
in the file, are reported at once with their location, and the program exits with status 2. An unknown variable that
starts with \`THINPOOL_\` only causes a warning.

A running exporter reads the file again on SIGHUP, and then uses the new values, except where an option says that a change needs
a restart. \`thinpool-exporter config --check\` checks the options of \`serve\` and the files that they name, and starts nothing.

\`thinpool-exporter config\` prints every option with its value and its origin. The options file is YAML; write an option
name nested at its dots or with the dots:

\`\`\`yaml
log:
  level: warn
collector:
  docker: off
  lvm:
    interval: 2m
minimum-free:
  - 10%
  - docker-thinpool=5%
web.listen-address: "[::1]:10058"
\`\`\``;

function renderSection(section: string, rows: readonly Option[]): string {
  return [`## ${section}`, ...rows.map(renderOption)].join('\n\n');
}

function renderOption(option: Option): string {
  const { type, commands } = option;
  const facts = [
    `- Value: ${escapeCell(type.expects)}`,
    `- Default: ${option.default === undefined ? 'none' : `\`${option.default}\``}`,
    ...(isSetBy(option, 'environment') ? [`- Environment: \`${environmentName(option)}\``] : []),
    ...(isSetBy(option, 'file') ? [`- File: \`${yamlPath(option)}\``] : []),
    ...(isSetBy(option, 'file') && option.reload !== true ? ['- A change needs a restart'] : []),
    `- Used by: ${commands === undefined ? 'every command' : commands.map((name) => `\`${name}\``).join(', ')}`,
  ];
  const name = isSetBy(option, 'flag') ? `--${option.flag}` : yamlPath(option);
  return [`### \`${name}\``, option.help, facts.join('\n')].join('\n\n');
}

function renderCollectors(collectors: readonly ConfigurableCollector[]): string {
  const rows = collectors.map(({ name, help, needs, defaults }) =>
    [
      `\`${name}\``,
      help,
      describeNeeds(needs),
      formatDuration(defaults.intervalMs),
      formatDuration(defaults.timeoutMs),
    ].map(escapeCell),
  );
  const table = [['Name', 'What it reads', 'Needs', 'Interval', 'Timeout'], Array(5).fill('---'), ...rows];
  return `## Collectors

Each collector has three options, shown here for a collector called \`NAME\`:

| Flag | Environment | File | Value |
| --- | --- | --- | --- |
| \`--collector.NAME\` | \`THINPOOL_COLLECTOR_NAME\` | \`collector.NAME\` or \`collector.NAME.mode\` | ${collectorModes.map((mode) => `\`${mode}\``).join(', ')} |
| \`--collector.NAME.interval\` | \`THINPOOL_COLLECTOR_NAME_INTERVAL\` | \`collector.NAME.interval\` | a duration from 1s to 1d |
| \`--collector.NAME.timeout\` | \`THINPOOL_COLLECTOR_NAME_TIMEOUT\` | \`collector.NAME.timeout\` | a duration, shorter than the interval |

\`auto\` (default) reads if there is something to read; \`on\` reports its absence as a failure; \`off\` never reads.

${table.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}
`;
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|');
}
