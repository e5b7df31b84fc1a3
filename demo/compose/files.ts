import { alertmanagerExample } from '../../src/alerting/prometheus/alertmanager.ts';
import { prometheusExample } from '../../src/alerting/prometheus/prometheus.ts';
import { wireAlertmanager, wirePrometheus } from '../alerting/wiring.ts';
import { ruleFile } from '../alerting.ts';

/** The shipped examples, with the names of the services as addresses. */
export const composePrometheus = (): string =>
  wirePrometheus(prometheusExample(), {
    exporter: 'exporter:10058',
    alertmanager: 'alertmanager:9093',
    rules: ruleFile,
  });

export const composeAlertmanager = (): string =>
  wireAlertmanager(alertmanagerExample(), { webhook: 'webhook:9099' });
