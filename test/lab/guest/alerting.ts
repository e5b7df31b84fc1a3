import type { Lab } from './lab.ts';

/** How often Prometheus scrapes and the fastest rules are judged, in the shipped files. */
export const paceSeconds = 5;

/** Starts Prometheus and Alertmanager with the shipped files as they are, and waits until both are ready. */
export async function startAlerting(lab: Lab): Promise<void> {
  await lab.sh(`cp -r ${lab.project}/alerts /run/alerting && cd /run/alerting
prometheus --config.file=prometheus.example.yml --storage.tsdb.path=/run/prometheus \
  --web.listen-address=127.0.0.1:9090 >${lab.out}/prometheus.log 2>&1 & echo $! >/run/lab-prometheus
prometheus-alertmanager --config.file=/run/alerting/alertmanager.example.yml --storage.path=/run/alertmanager \
  --cluster.listen-address= --web.listen-address=127.0.0.1:9093 >${lab.out}/alertmanager.log 2>&1 &
echo $! >/run/lab-alertmanager`);
  await lab.sh(
    'for port in 9090 9093; do until curl -sf http://127.0.0.1:$port/-/ready >/dev/null; do sleep 0.2; done; done',
    { timeoutMs: 60_000 },
  );
}

export async function stopAlerting(lab: Lab): Promise<void> {
  await lab.sh('kill $(cat /run/lab-prometheus /run/lab-alertmanager)');
}
