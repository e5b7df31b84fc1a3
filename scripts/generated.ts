import { alertmanagerExample } from '../alerts/source/alertmanager.ts';
import { prometheusExample } from '../alerts/source/prometheus.ts';
import { customResource, rulesFile } from '../alerts/source/rule-files.ts';
import { files as dashboardFiles } from '../dashboards/source/files.ts';
import { composeAlertmanager, composePrometheus } from '../demo/compose/files.ts';
import { chartFiles } from '../deploy/source/chart.ts';
import { kustomizations } from '../deploy/source/manifests.ts';
import { alerts } from '../src/alerting/names.ts';
import { sources } from '../src/collectors/index.ts';
import { kernelMessageKinds } from '../src/collectors/kernel/message.ts';
import { directMetrics } from '../src/metrics/alertmanager.ts';
import { catalogue } from '../src/metrics/catalogue.ts';
import { findingMetrics } from '../src/metrics/finding.ts';
import { accessMetrics } from '../src/metrics/web-config.ts';
import { rules } from '../src/rules/evaluate.ts';
import { renderAlertsPage } from './docs/alerts-page.ts';
import { renderFindingsPage } from './docs/findings-page.ts';
import { renderMetricsPage } from './docs/metrics-page.ts';
import { renderOptionsPage } from './docs/options-page.ts';
import { renderRunbookIndex } from './docs/runbook-index.ts';

const chart = 'deploy/helm/thinpool-exporter';

/** Every generated file by its path in the project, but for the plain manifests, which helm renders from the chart. */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['alerts/thinpool.rules.yml', rulesFile({ keepFiringFor: true })],
    ['alerts/thinpool.rules-without-keep-firing.yml', rulesFile({ keepFiringFor: false })],
    ['alerts/thinpool.prometheusrule.yaml', customResource()],
    ['alerts/alertmanager.example.yml', alertmanagerExample()],
    ['alerts/prometheus.example.yml', prometheusExample()],
    ['demo/compose/prometheus.yml', composePrometheus()],
    ['demo/compose/alertmanager.yml', composeAlertmanager()],
    ...below('dashboards', dashboardFiles()),
    ...below(chart, chartFiles()),
    ...kustomizations(),
    ['docs/reference/alerts.md', renderAlertsPage()],
    ['docs/reference/findings.md', renderFindingsPage(rules)],
    ['docs/reference/metrics.md', renderMetricsPage(metricSections, kernelMessageKinds)],
    ['docs/reference/options.md', renderOptionsPage(sources)],
    ['docs/runbooks/README.md', renderRunbookIndex(alerts)],
  ]);
}

const metricSections = [
  ...catalogue,
  { title: 'Findings', metrics: findingMetrics },
  { title: 'Access', metrics: accessMetrics },
  { title: 'Direct page', metrics: directMetrics },
];

function below(folder: string, files: ReadonlyMap<string, string>): readonly [string, string][] {
  return [...files].map(([file, text]) => [`${folder}/${file}`, text]);
}
