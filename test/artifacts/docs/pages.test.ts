import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderFindingsPage } from '../../../scripts/docs/findings-page.ts';
import { renderMetricsPage } from '../../../scripts/docs/metrics-page.ts';
import { kernelMessageKinds } from '../../../src/collectors/kernel/message.ts';
import { directMetrics } from '../../../src/metrics/alertmanager.ts';
import { catalogue } from '../../../src/metrics/catalogue.ts';
import { findingMetrics } from '../../../src/metrics/finding.ts';
import { accessMetrics } from '../../../src/metrics/web-config.ts';
import { rules } from '../../../src/rules/evaluate.ts';

const docs = join(import.meta.dirname, '..', '..', '..', 'docs');

// `npx vitest run test/artifacts/docs -u` writes the pages.
describe('pages made from tables', () => {
  it('metrics.md tells of every metric', async () => {
    const sections = [
      ...catalogue,
      { title: 'Findings', metrics: findingMetrics },
      { title: 'Web configuration', metrics: accessMetrics },
      { title: 'Direct notification', metrics: directMetrics },
    ];
    await expect(renderMetricsPage(sections, kernelMessageKinds)).toMatchFileSnapshot(
      join(docs, 'reference', 'metrics.md'),
    );
  });

  it('findings.md tells of every finding', async () => {
    await expect(renderFindingsPage(rules)).toMatchFileSnapshot(join(docs, 'reference', 'findings.md'));
  });
});
