import { usualJob } from '../alerting/labels.ts';
import { alertmanagerExample } from '../alerting/prometheus/alertmanager.ts';
import {
  customResource,
  type RuleSettings,
  rulesFile,
  vmalertFile,
} from '../alerting/prometheus/rule-files.ts';
import type { Config } from '../config/options.ts';
import type { Run } from './context.ts';

const renderers: Readonly<Record<Config['format'], (settings: RuleSettings) => string>> = {
  prometheus: (settings) => rulesFile({ ...settings, keepFiringFor: true }),
  operator: customResource,
  vmalert: vmalertFile,
  alertmanager: alertmanagerExample,
};

/** Prints the alert rules, or how Alertmanager treats them, with the job and the runbooks of this installation. */
export const rules: Run = async ({ config, version, print }) => {
  print(
    renderers[config.format]({
      job: jobOf(config),
      runbookUrl: config.runbookUrl,
      origin: `Printed by thinpool-exporter ${version} rules: run that again after a change of its options, or an upgrade.`,
    }),
  );
  return 0;
};

/** An empty value removes the label: then the usual job is as good as any. */
function jobOf({ alertmanagerLabels = [] }: Config): string {
  return alertmanagerLabels.find(({ name }) => name === 'job')?.value || usualJob;
}
