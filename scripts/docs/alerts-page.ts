import { findingAlerts } from '../../src/alerting/finding-alerts.ts';
import { alerts } from '../../src/alerting/names.ts';
import { groups } from '../../src/alerting/prometheus/groups.ts';
import { duration } from '../../src/alerting/prometheus/promql.ts';
import type { Alert, Recording } from '../../src/alerting/prometheus/rule.ts';
import { type Stage, stages } from '../../src/rules/stages.ts';
import { type Threshold, type ThresholdName, thresholds } from '../../src/rules/thresholds.ts';

/** docs/reference/alerts.md. */
export function renderAlertsPage(): string {
  const rules = groups.flatMap((group) => group.alerts);
  const records = groups.flatMap((group) => group.records);
  return `# Alerts

Generated from \`src/alerting/prometheus\`; a test keeps them equal. \`thinpool-exporter rules\` prints the rules of this version:

\`\`\`sh
thinpool-exporter rules > thinpool.rules.yml                          # Prometheus 2.42 and newer
thinpool-exporter rules | sed '/keep_firing_for:/d'                   # older versions, which reject that field
thinpool-exporter rules --format=operator | kubectl apply -f -        # set the label release to match the ruleSelector
thinpool-exporter rules --format=vmalert                              # vmalert 1.92 and newer, with -remoteWrite.url
thinpool-exporter rules --format=alertmanager                         # an example of routes and inhibition
\`\`\`

\`--runbook-url\` sets where their links to runbooks lead, and \`--alertmanager.label=job=NAME\` the job under which Prometheus
scrapes the exporters; both can come from the options file. The rules contain none of the levels that options of the exporter
set: each exporter judges by its own, and the rules fire on its findings. vmalert adds the label \`alertgroup\` to alerts, unless
it runs with \`-disableAlertgroupLabel\`. Then they are not the same alerts as direct notifications. See
[VictoriaMetrics](../guide/victoria-metrics.md).

The same files are in \`alerts/\` of the project, and below \`/usr/share/thinpool-exporter\` in the packages:

| file | for |
|---|---|
| \`thinpool.rules.yml\` | Prometheus 2.42 and newer |
| \`thinpool.rules-without-keep-firing.yml\` (*) | older versions, which reject a file that contains \`keep_firing_for\` |
| \`thinpool.prometheusrule.yaml\` (*) | the Prometheus operator; set the label \`release\` to match its ruleSelector |
| \`prometheus.example.yml\` | the scrape job \`thinpool\`, every 5 s |
| \`alertmanager.example.yml\` | routes (page, ticket, dead man's switch) and inhibition rules |

(*) In the packages only.

States, levels and what is a matter of minutes come from the exporter's [findings](findings.md), so they do not depend on
the scrape interval; trends over hours and days, and absence, are PromQL. The label \`target\` says which
limit is near: \`target="minimum_free"\` is the pool's [minimum free space](../guide/minimum-free.md): Docker's, below which Docker
refuses new images and containers, or one that you set;
\`target="full"\` is the full pool, whose writes hang. Critical alerts have \`page="true"\`, warnings are tickets, and
infos notify no one. Growth is usage now minus the lowest usage in the window, so extending a pool does not hide its
growth. No trend pages while LVM is about to extend the pool: LVM monitors it, the VG has enough free space, and usage is
not far past the threshold.

How to load and route them, and which comes first: [Alerting](../guide/alerting.md).

## Alerts

An alert on findings has a rule for each severity, because the [option \`findings\`](options.md) can set any
severity for any finding. The table shows those without it.

*Pending* is the time for which the condition must hold before the alert fires (\`for\`; a finding may have held for a while
before). *Kept* is how long it goes on after the condition has ended (\`keep_firing_for\`), so that what comes back is the same
alert. Where the two severities differ, the first figure is that of the first severity.

| alert | severity | pending | kept | meaning |
|---|---|---|---|---|
${Object.entries(alerts)
  .map(([name, { meaning }]) => renderAlert(name, meaning, rules))
  .join('\n')}

## Trends

The rows of \`ThinPoolRunsOutInMinutes\` are judged by the exporter, at its own pace; the others by PromQL. Each row raises its
alert when both are true: at the growth rate of every window, the space left is used up within the
horizon; and less than the given share of the pool is left until it is full, or until its minimum free space.

| alert | severity | resource | windows | horizon | left until full | left until minimum free | reason |
|---|---|---|---|---|---|---|---|
${stages.flatMap(renderStage).join('\n')}

An alert that fires resolves only at a better value than the one that raised it (the thresholds \`…Hold\`).

## Thresholds

What an operator may want to change is an option of the exporter: [Thresholds](../guide/tuning.md). All others are in
\`src/rules/thresholds.ts\` of the project. To change one for everybody, edit it there, generate the files anew
([CONTRIBUTING](https://github.com/thinpool-exporter/thinpool-exporter/blob/main/CONTRIBUTING.md#generated-files)) and read the diff. Then see
its effect on histories of filling and of quiet pools: [Alert quality](../behaviour/alert-quality.md).

| threshold | value | reason |
|---|---|---|
${Object.entries<Threshold>(thresholds)
  .map(([name, threshold]) => `| \`${name}\` | ${amount(threshold)} | ${threshold.reason} |`)
  .join('\n')}

## Recording rules

| record | meaning |
|---|---|
${firstOfEach(records)
  .map(({ record, help }) => `| \`${record}\` | ${help} |`)
  .join('\n')}
`;
}

function renderStage({ alert, severity, trends }: Stage): string[] {
  const amountOf = (name: ThresholdName | undefined): string => (name ? amount(thresholds[name]) : '-');
  return trends.map(({ resource, windows, horizon, left, because }) => {
    const cells = [
      `\`${alert}\``,
      severity,
      resource ?? 'both',
      windows.map(amountOf).join(', '),
      amountOf(horizon),
      amountOf(left.full),
      amountOf(left.minimum_free),
      because,
    ];
    return `| ${cells.join(' | ')} |`;
  });
}

function renderAlert(name: string, meaning: string, rules: readonly Alert[]): string {
  const unusual = findingAlerts.filter(({ alert, usual }) => alert === name && usual.length === 0);
  const its = rules.filter(
    ({ alert, severity }) => alert === name && unusual.every((one) => one.severity !== severity),
  );
  const cells = [
    `\`${name}\``,
    inOrder(its.map(({ severity }) => severity ?? 'none')),
    inOrder(its.map((alert) => duration(alert.for ?? 0))),
    inOrder(its.map(({ keepFiringFor = 0 }) => duration(keepFiringFor))),
    meaning,
  ];
  return `| ${cells.join(' | ')} |`;
}

function inOrder(words: readonly string[]): string {
  return [...new Set(words)].join(', ');
}

function amount({ value, unit }: Threshold): string {
  return unit === 'seconds' ? duration(value) : `${Math.round(value * 1000) / 10}%`;
}

function firstOfEach(records: readonly Recording[]): Recording[] {
  return [...new Map([...records].reverse().map((one) => [one.record, one])).values()].reverse();
}
