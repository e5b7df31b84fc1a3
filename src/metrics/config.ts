import type { ConfigState } from '../model/config-state.ts';
import type { Metric } from '../model/metric.ts';
import { secondMs } from '../model/units.ts';
import { optionalGauge } from './helpers.ts';

/** Metrics of the options file; none without one. */
export const configMetrics: readonly Metric<ConfigState | undefined>[] = [
  optionalGauge(
    'thinpool_exporter_config_last_reload_successful',
    '1 if the last load of the options file succeeded, 0 while older options are in use; absent without --config.file.',
    ({ lastReloadWorked }) => lastReloadWorked,
  ),
  optionalGauge(
    'thinpool_exporter_config_last_reload_success_timestamp_seconds',
    'Unix time at which the options in use were loaded; absent without --config.file.',
    ({ lastSuccessAt }) => lastSuccessAt / secondMs,
  ),
  optionalGauge(
    'thinpool_exporter_config_restart_required_options',
    'Options of the last reload whose new value takes effect only after a restart; absent without --config.file.',
    ({ waiting }) => waiting,
  ),
];
