import { dashboards } from '../../dashboards/source/files.ts';
import { groups } from '../../src/alerting/prometheus/groups.ts';
import { kubernetesGroup } from '../../src/alerting/prometheus/kubernetes.ts';

/** docs/reference/remote-write.md: the metrics that rules and dashboards read. */
export function renderRemoteWritePage(): string {
  const byRules = namesIn(textOfRules());
  const byDashboards = namesIn(textOfDashboards());
  const all = [...new Set([...byRules, ...byDashboards])].toSorted();
  const mark = (names: ReadonlySet<string>, name: string) => (names.has(name) ? 'yes' : '');
  const keep = (names: readonly string[], recorded: string) => `\`\`\`yaml
remote_write:
  - url: https://metrics.example/api/v1/write
    write_relabel_configs:
      - source_labels: [job, __name__]
        separator: ;
        regex: thinpool;(${pattern(names)})|[^;]*;(ALERTS|${recorded})
        action: keep
\`\`\``;
  return `# Remote write

Generated from \`src/alerting/prometheus\` and \`dashboards/source\`; a test keeps them equal. Which metrics a server needs that receives
them by remote write and evaluates the rules, or that Grafana queries. With \`--metrics.set=essential\`, the default, an exporter has few
others; the list is for \`--metrics.set=all\`, and for a service that charges by series.

On the server that scrapes, for the rules and the dashboards:

${keep(all, 'thinpool(_fleet)?:.*')}

That drops the series of other jobs: put it into an entry of its own. \`thinpool\` is the job that scrapes the exporters. Recorded series
and \`ALERTS\` exist where the rules are evaluated; if that is the receiver, nothing of them is sent.

If the server that scrapes evaluates the rules, and Grafana queries the receiver:

${keep([...byDashboards], 'thinpool_fleet:.*')}

| metric | rules | dashboards |
|---|---|---|
${all.map((name) => `| \`${name.replace(/_bucket$/, '')}\` | ${mark(byRules, name)} | ${mark(byDashboards, name)} |`).join('\n')}
`;
}

/** Metrics in PromQL: no recorded series, which have a colon. */
function namesIn(texts: readonly string[]): ReadonlySet<string> {
  const names = texts.flatMap((text) =>
    [...text.matchAll(/(?<![\w:$"])(?:up|(?:thinpool|process|scrape)_\w+)(?![\w:"=])/g)].map(
      ([name]) => name,
    ),
  );
  return new Set(names.toSorted());
}

function textOfRules(): readonly string[] {
  return [...groups, kubernetesGroup].flatMap(({ records, alerts }) => [
    ...[...records, ...alerts].map(({ expr }) => expr),
    ...alerts.flatMap(({ summary, description }) => queriesIn(`${summary} ${description}`)),
  ]);
}

/** Templates of alerts query what their text needs. */
const queriesIn = (text: string): readonly string[] =>
  [...text.matchAll(/printf "(?<query>[^"]*)"/g)].map(({ groups: of }) => of?.['query'] ?? '');

function textOfDashboards(): readonly string[] {
  const texts: string[] = [];
  JSON.stringify(dashboards, (key, value: unknown) => {
    if (['expr', 'definition'].includes(key) && typeof value === 'string') texts.push(value);
    return value;
  });
  return texts;
}

/** As short as it gets: names with the prefix without it. */
function pattern(names: readonly string[]): string {
  const prefix = 'thinpool_';
  const ours = names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  return [...names.filter((name) => !name.startsWith(prefix)), `${prefix}(${ours.join('|')})`].join('|');
}
