import {
  alertmanagerArguments,
  alertmanagerNames,
  prometheusArguments,
} from '../../../demo/alerting/command-lines.ts';
import type { Lab } from './lab.ts';

/** How often Prometheus scrapes and the fastest rules are judged, in the shipped files. */
export const paceSeconds = 5;

/**
 * Starts Prometheus and Alertmanager with the shipped files as they are, and waits until both are ready. But no alert is kept
 * for hours after its cause, for which no scenario can wait; and the pace of scrapes is another one if that is given.
 */
export async function startAlerting(lab: Lab, scrapeSeconds = paceSeconds): Promise<void> {
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
  await lab.sh(`rm -rf /run/alerting /run/prometheus /run/alertmanager
cp -r ${lab.project}/alerts /run/alerting && cd /run/alerting
sed -i 's/scrape_interval: ${paceSeconds}s/scrape_interval: ${scrapeSeconds}s/' prometheus.example.yml
sed -i -E 's/keep_firing_for: [0-9]+h$/keep_firing_for: 10m/' thinpool.rules.yml
${start('prometheus', ['prometheus', ...prometheus])}
${start('alertmanager', [alertmanagerNames[0], ...alertmanager])}`);
  await lab.sh(
    'for port in 9090 9093; do until curl -sf http://127.0.0.1:$port/-/ready >/dev/null; do sleep 0.2; done; done',
    { timeoutMs: 60_000 },
  );
}

export async function stopAlerting(lab: Lab): Promise<void> {
  await lab.sh(`for pid in $(cat /run/lab-prometheus /run/lab-alertmanager); do
  kill $pid; while kill -0 $pid 2>/dev/null; do sleep 0.2; done
done`);
}
