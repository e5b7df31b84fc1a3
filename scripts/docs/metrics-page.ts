import type { HostMetric, Metric } from '../../src/model/metric.ts';

interface Section {
  readonly title: string;
  readonly metrics: readonly (HostMetric | Metric<never>)[];
}

interface Kind {
  readonly kind: string;
  readonly help: string;
}

/** The page of metrics, from the catalogue. */
export function renderMetricsPage(sections: readonly Section[], kinds: readonly Kind[]): string {
  return `# Metrics

Made from the catalogue in \`src/metrics\`; a test keeps the two equal. Sizes are bytes, times are seconds. A value that
is not known is left out: there is no 0, no NaN and no −1 in its place. A value that is older than its source's age
limit (three intervals and a timeout) is withdrawn; \`thinpool_source_last_success_timestamp_seconds\` and
\`thinpool_status_timestamp_seconds\` tell ages. The label \`pool\` is the device's name in \`/dev/mapper\`, for LVM
without \`-tpool\`. The process's own metrics (\`process_*\`, \`nodejs_*\`) follow prom-client's names;
\`thinpool_exporter_event_loop_lag_seconds\` is a histogram of how late its timers come.

${sections.map(renderSection).join('\n')}
## Kinds of kernel messages

| kind | meaning |
|---|---|
${kinds.map(({ kind, help }) => `| \`${kind}\` | ${cell(help)} |`).join('\n')}
`;
}

function renderSection({ title, metrics }: Section): string {
  const rows = metrics.map(
    ({ name, type, labels, help }) =>
      `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${cell(help)} |`,
  );
  return `## ${title}\n\n| metric | type | labels | meaning |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
