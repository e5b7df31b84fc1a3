import { usualJob } from '../labels.ts';
import { yaml } from './rule-files.ts';

/** A Prometheus configuration that the rules work with. */
export function prometheusExample(): string {
  const config = {
    global: { scrape_interval: '15s', evaluation_interval: '15s' },
    rule_files: ['thinpool.rules.yml'],
    alerting: { alertmanagers: [{ static_configs: [{ targets: ['127.0.0.1:9093'] }] }] },
    scrape_configs: [
      {
        job_name: usualJob,
        scrape_interval: '5s',
        scrape_timeout: '4s',
        static_configs: [{ targets: ['127.0.0.1:10058'] }],
      },
    ],
  };
  return yaml(
    config,
    'Scrapes the exporter every 5 s: a pool with 20 GB free that grows by 1 GB/s is full in 20 s.',
  );
}
