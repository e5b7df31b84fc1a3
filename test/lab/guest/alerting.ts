import {
  alertmanagerArguments,
  alertmanagerNames,
  prometheusArguments,
} from '../../../alerts/run/command-lines.ts';
import type { Lab } from './lab.ts';

/** How often Prometheus scrapes and the fastest rules are judged, in the shipped files. */
export const paceSeconds = 5;

/** Starts Prometheus and Alertmanager with the shipped files as they are, and waits until both are ready. */
export async function startAlerting(lab: Lab): Promise<void> {
  const start = (name: string, argv: readonly string[]) =>
    `${argv.join(' ')} >${lab.out}/${name}.log 2>&1 & echo $! >/run/lab-${name}`;
  const prometheus = prometheusArguments({
    config: 'prometheus.example.yml',
    storage: '/run/prometheus',
    address: '127.0.0.1:9090',
  });
  const alertmanager = alertmanagerArguments({
    config: 'alertmanager.example.yml',
    storage: '/run/alertmanager',
    address: '127.0.0.1:9093',
  });
  await lab.sh(`cp -r ${lab.project}/alerts /run/alerting && cd /run/alerting
${start('prometheus', ['prometheus', ...prometheus])}
${start('alertmanager', [alertmanagerNames[0], ...alertmanager])}`);
  await lab.sh(
    'for port in 9090 9093; do until curl -sf http://127.0.0.1:$port/-/ready >/dev/null; do sleep 0.2; done; done',
    { timeoutMs: 60_000 },
  );
}

export async function stopAlerting(lab: Lab): Promise<void> {
  await lab.sh('kill $(cat /run/lab-prometheus /run/lab-alertmanager)');
}
