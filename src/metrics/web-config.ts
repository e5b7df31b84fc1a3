import type { Metric } from '../model/metric.ts';
import { secondMs } from '../model/units.ts';
import type { AccessState } from '../model/web-config-state.ts';
import { optionalGauge } from './helpers.ts';

/** Metrics of the web configuration; none without a file. */
export const accessMetrics: readonly Metric<AccessState | undefined>[] = [
  optionalGauge(
    'thinpool_exporter_web_config_last_reload_successful',
    '1 if the last load of the web configuration file succeeded, 0 while an older configuration is in use; absent without --web.config.file.',
    ({ lastReloadWorked }) => lastReloadWorked,
  ),
  optionalGauge(
    'thinpool_exporter_web_config_last_reload_success_timestamp_seconds',
    'Unix time at which the web configuration in use was loaded; absent without --web.config.file.',
    ({ lastSuccessAt }) => lastSuccessAt / secondMs,
  ),
  optionalGauge(
    'thinpool_exporter_web_certificate_expiry_timestamp_seconds',
    'Unix time at which the TLS certificate in use expires; absent without TLS.',
    ({ certificateExpiresAt }) =>
      certificateExpiresAt === undefined ? undefined : certificateExpiresAt / secondMs,
  ),
];
