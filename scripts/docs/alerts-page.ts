import { groups } from '../../alerts/source/groups.ts';
import { duration } from '../../alerts/source/promql.ts';
import type { Alert, Recording } from '../../alerts/source/rule.ts';
import { alerts } from '../../src/alerting/names.ts';
import { type Stage, stages } from '../../src/alerting/stages.ts';
import { type Threshold, type ThresholdName, thresholds } from '../../src/alerting/thresholds.ts';

/** docs/alerts.md. */
export function renderAlertsPage(): string {
  const rules = groups.flatMap((group) => group.alerts);
  const records = groups.flatMap((group) => group.records);
  return `# Alerts

Made from \`alerts/source\` by \`npm run alerts\`; a test keeps them equal. The rules stand in \`alerts/\`:

| file | for |
|---|---|
| \`thinpool.rules.yml\` | Prometheus 2.42 and newer |
| \`thinpool.rules-without-keep-firing.yml\` | older ones, which refuse a file that has \`keep_firing_for\` |
| \`thinpool.prometheusrule.yaml\` | the Prometheus operator; set the label \`release\` to what its ruleSelector asks for |
| \`prometheus.example.yml\` | the scrape job (5 s), called \`thinpool\` |
| \`alertmanager.example.yml\` | routes (page, ticket, dead man's switch) and inhibition |

States come from what the exporter judges ([findings.md](findings.md)); trends and absence are PromQL. There are two
distances: \`target="floor"\`, at which Docker creates nothing new, and \`target="full"\`, at which writes hang. Critical
alerts have \`page="true"\`; warnings are tickets; infos are told to nobody. Growth is what is used now over the least of
a window, so that a pool that was just made larger is still predicted. No trend pages while LVM is about to extend the
pool: it is watched, the VG has the room, and use is not far past the threshold.

## The ladder

| alert | severity | meaning |
|---|---|---|
${Object.entries(alerts)
  .map(([name, { meaning }]) => `| \`${name}\` | ${severitiesOf(name, rules)} | ${meaning} |`)
  .join('\n')}

## Running out, stage by stage

Over each window, what is left must be gone within the horizon at the rate of that window, and less than the given share
of the pool must be left to the end (full) or to the floor. Any row raises the alert.

| alert | severity | of | windows | horizon | left, to full | left, to the floor | because |
|---|---|---|---|---|---|---|---|
${stages.flatMap(renderStage).join('\n')}

What fires ends only when it has become better than what raised it (the thresholds \`…Hold\`).

## Thresholds

Each has one place, \`src/alerting/thresholds.ts\`. To change one: edit it there, \`npm run alerts\`, read the diff, and run
\`npm run bench:alerts\` to see what it does to histories of fills and of quiet pools.

| threshold | value | why |
|---|---|---|
${Object.entries<Threshold>(thresholds)
  .map(([name, threshold]) => `| \`${name}\` | ${amount(threshold)} | ${threshold.reason} |`)
  .join('\n')}

## Records

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
      amountOf(left.floor),
      because,
    ];
    return `| ${cells.join(' | ')} |`;
  });
}

function severitiesOf(name: string, rules: readonly Alert[]): string {
  const its = rules.filter(({ alert }) => alert === name).map(({ severity }) => severity ?? 'none');
  return [...new Set(its)].join(', ');
}

function amount({ value, unit }: Threshold): string {
  return unit === 'seconds' ? duration(value) : `${Math.round(value * 1000) / 10} %`;
}

function firstOfEach(records: readonly Recording[]): Recording[] {
  return [...new Map([...records].reverse().map((one) => [one.record, one])).values()].reverse();
}
