import type { Metric } from '../model/metric.ts';
import { secondMs } from '../model/units.ts';
import type { AccessState } from '../model/web-config-state.ts';
import { sample, type Value } from './helpers.ts';

type AccessMetric = Metric<AccessState | undefined>;

function gauge(name: AccessMetric['name'], help: string, value: (state: AccessState) => Value): AccessMetric {
  const samples: AccessMetric['samples'] = (state) => (state === undefined ? [] : sample({}, value(state)));
  return { name, help, type: 'gauge', labels: [], samples };
}

/** The state of the web configuration. Absent without a file. */
export const accessMetrics: readonly AccessMetric[] = [
  gauge(
    'thinpool_exporter_web_config_last_reload_successful',
    '1 if the web configuration file was right when it was last read; 0 while an older one holds instead. Absent without --web.config.file.',
    ({ lastReloadWorked }) => lastReloadWorked,
  ),
  gauge(
    'thinpool_exporter_web_config_last_reload_success_timestamp_seconds',
    'Unix time at which the web configuration that holds was read.',
    ({ lastSuccessAt }) => lastSuccessAt / secondMs,
  ),
  gauge(
    'thinpool_exporter_web_certificate_expiry_timestamp_seconds',
    'Unix time after which clients refuse the certificate that is shown to them. Absent without TLS.',
    ({ certificateExpiresAt }) =>
      certificateExpiresAt === undefined ? undefined : certificateExpiresAt / secondMs,
  ),
];
