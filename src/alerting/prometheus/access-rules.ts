import { minuteSeconds } from '../../model/units.ts';
import { thresholds } from '../../rules/thresholds.ts';
import { range } from './promql.ts';
import type { Alert } from './rule.ts';

const now = range('findingMemory');

/** Problems that will lock Prometheus out, leave access open that should be closed, or keep the exporter from starting again. */
export const accessAlerts: readonly Alert[] = [
  {
    alert: 'ThinPoolCertificateEnds',
    expr: `last_over_time(thinpool_exporter_web_certificate_expiry_timestamp_seconds[${now}]) - time() < ${thresholds.certificateLeft.value}`,
    for: 15 * minuteSeconds,
    keepFiringFor: 5 * minuteSeconds,
    severity: 'warning',
    summary: 'Exporter on {{ $labels.instance }}: TLS certificate expires in {{ $value | humanizeDuration }}',
    description:
      'Once it has expired, every scrape fails and no pool of the host is monitored. Install a new certificate; the exporter picks it up without a restart.',
  },
  {
    alert: 'ThinPoolWebConfigRefused',
    expr: `last_over_time(thinpool_exporter_web_config_last_reload_successful[${now}]) == 0`,
    for: 5 * minuteSeconds,
    keepFiringFor: 5 * minuteSeconds,
    severity: 'warning',
    summary: 'Exporter on {{ $labels.instance }} could not reload its web configuration',
    description:
      'The file, or a certificate that it names, is invalid. The previous users and certificates stay in use, and a restart would fail.',
  },
  {
    alert: 'ThinPoolConfigRefused',
    expr: `last_over_time(thinpool_exporter_config_last_reload_successful[${now}]) == 0`,
    for: 5 * minuteSeconds,
    keepFiringFor: 5 * minuteSeconds,
    severity: 'warning',
    summary: 'Exporter on {{ $labels.instance }} could not reload its options file',
    description: 'The file is invalid. The previous options stay in use, and a restart would fail.',
  },
];
