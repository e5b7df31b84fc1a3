import { thresholds } from '../../src/alerting/thresholds.ts';
import { minuteSeconds } from '../../src/model/units.ts';
import { range } from './promql.ts';
import type { Alert } from './rule.ts';

const now = range('findingMemory');

/** What will keep Prometheus out, or lets in whom it no longer should. */
export const accessAlerts: readonly Alert[] = [
  {
    alert: 'ThinPoolCertificateEnds',
    expr: `last_over_time(thinpool_exporter_web_certificate_expiry_timestamp_seconds[${now}]) - time() < ${thresholds.certificateLeft.value}`,
    for: 15 * minuteSeconds,
    keepFiringFor: 5 * minuteSeconds,
    severity: 'warning',
    summary: 'The certificate of the exporter on {{ $labels.instance }} ends',
    description:
      'It is good for another {{ $value | humanizeDuration }}. Then no scrape works, and no pool of the host is watched.',
  },
  {
    alert: 'ThinPoolWebConfigRefused',
    expr: `last_over_time(thinpool_exporter_web_config_last_reload_successful[${now}]) == 0`,
    for: 5 * minuteSeconds,
    keepFiringFor: 5 * minuteSeconds,
    severity: 'warning',
    summary: 'The exporter on {{ $labels.instance }} goes by an old web configuration',
    description:
      'Its file, or a certificate that it names, was wrong when it was last read: users and certificates are those from before, and a start would fail.',
  },
];
