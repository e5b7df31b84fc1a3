import type { Lab } from './lab.ts';

/** How often Prometheus scrapes and judges; Alertmanager sends a new group at once. */
export const paceSeconds = 5;

const rules = `
groups:
  - name: thinpool
    rules:
      - alert: ThinPoolCritical
        expr: thinpool_finding{severity="critical"} == 1
`;

const prometheus = `
global: { scrape_interval: ${paceSeconds}s, evaluation_interval: ${paceSeconds}s }
rule_files: [/run/alerting/rules.yml]
alerting: { alertmanagers: [{ static_configs: [{ targets: ['127.0.0.1:9093'] }] }] }
scrape_configs: [{ job_name: thinpool, static_configs: [{ targets: ['127.0.0.1:10056'] }] }]
`;

const alertmanager = (url: string) => `
route: { receiver: people, group_by: ['...'], group_wait: 0s, group_interval: ${paceSeconds}s }
receivers: [{ name: people, webhook_configs: [{ url: '${url}', send_resolved: true }] }]
`;

/** Starts Prometheus and Alertmanager, with one rule, and waits until both are ready. */
export async function startAlerting(lab: Lab, webhook: string): Promise<void> {
  const files = {
    'rules.yml': rules,
    'prometheus.yml': prometheus,
    'alertmanager.yml': alertmanager(webhook),
  };
  for (const [file, text] of Object.entries(files)) lab.write(`alerting/${file}`, text);
  await lab.sh(`cp -r ${lab.out}/alerting /run/ && cd /run/alerting
prometheus --config.file=prometheus.yml --storage.tsdb.path=/run/prometheus \
  --web.listen-address=127.0.0.1:9090 >${lab.out}/prometheus.log 2>&1 & echo $! >/run/lab-prometheus
prometheus-alertmanager --config.file=alertmanager.yml --storage.path=/run/alertmanager --cluster.listen-address= \
  --web.listen-address=127.0.0.1:9093 >${lab.out}/alertmanager.log 2>&1 & echo $! >/run/lab-alertmanager`);
  await lab.sh(
    'for port in 9090 9093; do until curl -sf http://127.0.0.1:$port/-/ready >/dev/null; do sleep 0.2; done; done',
    { timeoutMs: 60_000 },
  );
}

export async function stopAlerting(lab: Lab): Promise<void> {
  await lab.sh('kill $(cat /run/lab-prometheus /run/lab-alertmanager)');
}
