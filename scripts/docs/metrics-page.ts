import type { Essential, HostMetric, Metric } from '../../src/model/metric.ts';

type Row = Pick<HostMetric | Metric<never>, 'name' | 'help' | 'labels'> & {
  readonly type: string;
  readonly essential?: Essential;
};

interface Section {
  readonly title: string;
  readonly metrics: readonly Row[];
}

interface Kind {
  readonly kind: string;
  readonly help: string;
}

/** docs/metrics.md. */
export function renderMetricsPage(sections: readonly Section[], kinds: readonly Kind[]): string {
  return `# Metrics

Generated from \`src/metrics\`; do not edit. Sizes are in bytes, times in seconds. An unknown value is absent: it is never
exported as 0, NaN or −1. A value older than the age limit of its collector (three intervals and a timeout) is dropped;
\`thinpool_collector_last_success_timestamp_seconds\` and \`thinpool_status_timestamp_seconds\` report ages. The label
\`pool\` is the device's name in \`/dev/mapper\`; LVM's suffix \`-tpool\` is removed. The exporter's process metrics
(\`process_*\`, \`nodejs_*\`) use prom-client's names.

The column *by default* says what is exported unless \`--metrics.set=all\`: everything (empty), nothing (no), or a part (see
[Cardinality](../guide/cardinality.md)).

${sections.map(renderSection).join('\n')}
## Kinds of kernel messages

| kind | meaning |
|---|---|
${kinds.map(({ kind, help }) => `| \`${kind}\` | ${cell(help)} |`).join('\n')}
`;
}

function renderSection({ title, metrics }: Section): string {
  const rows = metrics.map(
    ({ name, type, labels, help, essential }) =>
      `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${essential === undefined ? '' : words[essential]} | ${cell(help)} |`,
  );
  return `## ${title}\n\n| metric | type | labels | by default | meaning |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
}

const words: Readonly<Record<Essential, string>> = {
  none: 'no',
  'detailed-volumes': 'detailed volumes',
  'not-zero': 'unless 0',
  'not-ok': 'current state, unless ok',
  present: 'unless absent on this host',
  slow: 'from 1 s on',
};

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
