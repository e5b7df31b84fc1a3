import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kernelMessageKinds } from '../../../src/collectors/kernel/message.ts';
import { alertmanagerMetrics } from '../../../src/metrics/alertmanager.ts';
import { catalogue } from '../../../src/metrics/catalogue.ts';
import { clockMetrics } from '../../../src/metrics/clock.ts';
import { configMetrics } from '../../../src/metrics/config.ts';
import { renderFacts } from '../../../src/metrics/exposition.ts';
import { findingMetrics, mutedMetrics, pendingMetrics } from '../../../src/metrics/finding.ts';
import { forecastMetrics } from '../../../src/metrics/forecast.ts';
import { notifyMetrics } from '../../../src/metrics/notify.ts';
import { accessMetrics } from '../../../src/metrics/web-config.ts';
import type { Metric } from '../../../src/model/metric.ts';
import { rules } from '../../../src/rules/evaluate.ts';
import { brokenFileSystem } from '../../../src/rules/kernel.ts';
import { hostsDir, replayCase } from '../../support/replayed.ts';

const metrics = [
  ...catalogue.flatMap((section) => section.metrics),
  ...forecastMetrics,
  ...findingMetrics,
  ...clockMetrics,
  ...pendingMetrics,
  ...mutedMetrics,
  ...accessMetrics,
  ...configMetrics,
  ...alertmanagerMetrics,
  ...notifyMetrics,
] as readonly Metric<never>[];

describe('the catalogue', () => {
  it('names each metric once', () => {
    const names = metrics.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(metrics.map((metric) => [metric.name, metric] as const))(
    '%s is named and helped by convention',
    (name, { type, help, labels }) => {
      expect(name).toMatch(/^thinpool_[a-z][a-z0-9_]*$/);
      expect(name.endsWith('_total')).toBe(type === 'counter');
      expect(help).toMatch(/^[A-Z0-9].*\.$/s);
      for (const label of labels) expect(label).toMatch(/^[a-z_]+$/);
    },
  );

  it('judges by kernel messages that there are', () => {
    const kinds = kernelMessageKinds.map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining([...brokenFileSystem]));
  });

  it('gives findings codes that are unique', () => {
    const codes = rules.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });
});

describe.each(readdirSync(hostsDir))('what host %s gives', (name) => {
  it('has finite values, the labels that are declared, and no series twice', async () => {
    const { host } = await replayCase(name);
    for (const { metrics: rows } of catalogue) {
      for (const row of rows) {
        const samples = row.samples(host);
        for (const { labels, value } of samples) {
          expect(Number.isFinite(value), `${row.name} ${JSON.stringify(labels)}`).toBe(true);
          expect(Object.keys(labels).sort()).toEqual([...row.labels].sort());
        }
        const series = samples.map(({ labels }) => JSON.stringify(labels));
        expect(new Set(series).size, row.name).toBe(series.length);
      }
    }
  });

  it('is the same in OpenMetrics, which ends with EOF', async () => {
    const { host, findings } = await replayCase(name);
    const open = await renderFacts({ host, findings, pending: [], trends: [] }, 'openmetrics');
    expect(open.endsWith('# EOF\n')).toBe(true);
    const values = (text: string) =>
      text
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .sort();
    expect(values(open)).toEqual(
      values(await renderFacts({ host, findings, pending: [], trends: [] }, 'text')),
    );
  });
});
