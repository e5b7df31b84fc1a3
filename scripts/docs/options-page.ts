import { describeNeeds } from '../../src/collectors/collector.ts';
import { environmentName, isSetBy, type Option, sections, yamlPath } from '../../src/config/option.ts';
import { type Collector, collectorModes, generalOptions } from '../../src/config/options.ts';
import { formatDuration } from '../../src/format/duration.ts';

/** docs/reference/options.md. */
export function renderOptionsPage(collectors: readonly Collector[]): string {
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

Rendered from the table in \`src/config/options.ts\`; change that, not this page.

A value comes from the flag, else from the environment, else from the file, else it is the default. An empty variable
counts as unset. Every given value is checked, also one that a stronger origin hides. What is wrong is said all at once,
with its place, and the program ends with exit code 2; so it does for an unknown flag or an unknown key of the file. A
variable that begins with \`THINPOOL_\` and that nothing reads is only warned of.

\`thinpool-exporter config\` prints every option with its value and its origin. The file of options is YAML, nested at the
dots or written with them:

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
web.listen-address: "[::1]:10056"
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
    `- Used by: ${commands === undefined ? 'every command' : commands.map((name) => `\`${name}\``).join(', ')}`,
  ];
  return [`### \`--${option.flag}\``, option.help, facts.join('\n')].join('\n\n');
}

function renderCollectors(collectors: readonly Collector[]): string {
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

Each has three options, here for one called \`NAME\`:

| Flag | Environment | File | Value |
| --- | --- | --- | --- |
| \`--collector.NAME\` | \`THINPOOL_COLLECTOR_NAME\` | \`collector.NAME\` or \`collector.NAME.mode\` | ${collectorModes.map((mode) => `\`${mode}\``).join(', ')} |
| \`--collector.NAME.interval\` | \`THINPOOL_COLLECTOR_NAME_INTERVAL\` | \`collector.NAME.interval\` | a duration from 1s to 1d |
| \`--collector.NAME.timeout\` | \`THINPOOL_COLLECTOR_NAME_TIMEOUT\` | \`collector.NAME.timeout\` | a duration, shorter than the interval |

\`auto\`, the default, reads where there is something to read; \`on\` takes its absence for a failure; \`off\` never reads.

${table.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}
`;
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|');
}
