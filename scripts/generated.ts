import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { files as dashboardFiles, importFiles } from '../dashboards/source/files.ts';
import { composeAlertmanager, composePrometheus } from '../demo/compose/files.ts';
import { chartFiles, chartLinks } from '../deploy/source/chart.ts';
import { kustomizations } from '../deploy/source/manifests.ts';
import { zabbixTemplate } from '../deploy/source/zabbix.ts';
import { alerts } from '../src/alerting/names.ts';
import { alertmanagerExample } from '../src/alerting/prometheus/alertmanager.ts';
import { kubernetesFile } from '../src/alerting/prometheus/kubernetes.ts';
import { prometheusExample } from '../src/alerting/prometheus/prometheus.ts';
import { customResource, rulesFile } from '../src/alerting/prometheus/rule-files.ts';
import { collectors } from '../src/collectors/index.ts';
import { kernelMessageKinds } from '../src/collectors/kernel/message.ts';
import { alertmanagerMetrics } from '../src/metrics/alertmanager.ts';
import { catalogue } from '../src/metrics/catalogue.ts';
import { clockMetrics } from '../src/metrics/clock.ts';
import { configMetrics } from '../src/metrics/config.ts';
import { findingMetrics, mutedMetrics, pendingMetrics } from '../src/metrics/finding.ts';
import { forecastMetrics } from '../src/metrics/forecast.ts';
import { notifyMetrics } from '../src/metrics/notify.ts';
import { processMetrics } from '../src/metrics/process.ts';
import { accessMetrics } from '../src/metrics/web-config.ts';
import { rules } from '../src/rules/evaluate.ts';
import { renderAlertsPage } from './docs/alerts-page.ts';
import { renderFindingsPage } from './docs/findings-page.ts';
import { renderMetricsPage } from './docs/metrics-page.ts';
import { renderOptionsPage } from './docs/options-page.ts';
import { renderRemoteWritePage } from './docs/remote-write-page.ts';
import { renderRunbookIndex } from './docs/runbook-index.ts';

const chart = 'deploy/helm/thinpool-exporter';

const project = path.resolve(import.meta.dirname, '..');

/** What is committed, by its path in the project, but for the plain manifests, which helm renders from the chart. */
export function committedFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['alerts/thinpool.rules.yml', rulesFile({ keepFiringFor: true })],
    ['alerts/thinpool-kubernetes.rules.yml', kubernetesFile()],
    ['alerts/alertmanager.example.yml', alertmanagerExample()],
    ['alerts/prometheus.example.yml', prometheusExample()],
    ['demo/compose/prometheus.yml', composePrometheus()],
    ['demo/compose/alertmanager.yml', composeAlertmanager()],
    ...below('dashboards', dashboardFiles()),
    ...below(chart, chartFiles()),
    ...kustomizations(),
    ['deploy/zabbix/thinpool-exporter.yaml', zabbixTemplate()],
    ['docs/reference/alerts.md', renderAlertsPage()],
    ['docs/reference/findings.md', renderFindingsPage(rules)],
    ['docs/reference/metrics.md', renderMetricsPage(metricSections, kernelMessageKinds)],
    ['docs/reference/options.md', renderOptionsPage(collectors)],
    ['docs/reference/remote-write.md', renderRemoteWritePage()],
    ['docs/runbooks/README.md', renderRunbookIndex(alerts)],
  ]);
}

/** The same rules and dashboards for other readers. They are in packages, and git ignores them. */
export function flavours(): ReadonlyMap<string, string> {
  return new Map([
    ['alerts/thinpool.rules-without-keep-firing.yml', rulesFile({ keepFiringFor: false })],
    ['alerts/thinpool.prometheusrule.yaml', customResource()],
    ...below('dashboards', importFiles()),
  ]);
}

/** Where a link of the project leads to, by its path in the project. */
export function links(): ReadonlyMap<string, string> {
  return new Map(below(chart, chartLinks()));
}

/** Writes those of the files that have changed, and returns their names. */
export function writeFiles(files: ReadonlyMap<string, string>): readonly string[] {
  const changed = [...files].filter(([file, text]) => {
    const place = path.join(project, file);
    return !existsSync(place) || readFileSync(place, 'utf8') !== text;
  });
  for (const [file, text] of changed) {
    mkdirSync(path.dirname(path.join(project, file)), { recursive: true });
    writeFileSync(path.join(project, file), text);
  }
  return changed.map(([file]) => file);
}

/** npm leaves links out of a package: while it packs, there are copies in their place. */
export function writeLinks(kind: 'links' | 'copies'): void {
  for (const [link, target] of links()) {
    const place = path.join(project, link);
    rmSync(place, { force: true });
    mkdirSync(path.dirname(place), { recursive: true });
    if (kind === 'links') symlinkSync(target, place);
    else copyFileSync(path.resolve(path.dirname(place), target), place);
  }
}

const metricSections = [
  ...catalogue,
  { title: 'Growth and time left', metrics: forecastMetrics },
  { title: 'Clock', metrics: clockMetrics },
  { title: 'Findings', metrics: [...findingMetrics, ...pendingMetrics, ...mutedMetrics] },
  { title: 'Options file', metrics: configMetrics },
  { title: 'Web configuration', metrics: accessMetrics },
  { title: 'Direct notification', metrics: alertmanagerMetrics },
  { title: 'Notification', metrics: notifyMetrics },
  { title: 'Exporter process', metrics: processMetrics },
];

function below(folder: string, files: ReadonlyMap<string, string>): readonly [string, string][] {
  return [...files].map(([file, text]) => [`${folder}/${file}`, text]);
}
