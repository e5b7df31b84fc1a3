import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { alertmanagerExample } from '../../../alerts/source/alertmanager.ts';
import { prometheusExample } from '../../../alerts/source/prometheus.ts';
import { customResource, rulesFile } from '../../../alerts/source/rule-files.ts';
import { composeAlertmanager, composePrometheus } from '../../../demo/compose/files.ts';
import { renderAlertsPage } from '../../../scripts/docs/alerts-page.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'alerts');

// `npm run alerts` writes the files.
describe('files made from alerts/source', () => {
  it.each([
    ['thinpool.rules.yml', rulesFile({ keepFiringFor: true })],
    ['thinpool.rules-without-keep-firing.yml', rulesFile({ keepFiringFor: false })],
    ['thinpool.prometheusrule.yaml', customResource()],
    ['alertmanager.example.yml', alertmanagerExample()],
    ['prometheus.example.yml', prometheusExample()],
    ['../docs/reference/alerts.md', renderAlertsPage()],
    ['../demo/compose/prometheus.yml', composePrometheus()],
    ['../demo/compose/alertmanager.yml', composeAlertmanager()],
  ])('%s is what the source says', async (name, text) => {
    await expect(text).toMatchFileSnapshot(join(folder, name));
  });
});
