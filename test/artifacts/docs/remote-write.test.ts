import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { blocksOf } from '../../support/documents.ts';
import { selectorsOf } from '../alerts/promql.ts';
import { readRules } from '../alerts/unit/promtool.ts';
import { queriesOf } from '../dashboards/dashboard.ts';
import { names, shipped } from '../dashboards/shipped.ts';
import { withIntervals } from '../dashboards/substitute.ts';

const project = path.join(import.meta.dirname, '../../..');
const read = (file: string) => readFileSync(path.join(project, file), 'utf8');

const [forRules, forDashboards] = blocksOf(read('docs/reference/remote-write.md'), 'yaml').map((block) => {
  const [{ write_relabel_configs: [relabel] = [] } = {}] = parse(block).remote_write;
  const regex = new RegExp(`^(?:${relabel.regex})$`);
  return (metric: string) => regex.test(`thinpool${relabel.separator}${metric}`);
}) as [(metric: string) => boolean, (metric: string) => boolean];

const metricsIn = (exprs: readonly string[]) => [
  ...new Set(exprs.flatMap((expr) => selectorsOf(expr)).map(({ metric }) => metric)),
];
const files = ['alerts/thinpool.rules.yml', 'alerts/thinpool-kubernetes.rules.yml'];
const rules = files.flatMap((file) => readRules(read(file)).groups).flatMap((group) => group.rules);
const templates = rules.flatMap((rule) =>
  Object.values((rule as { annotations?: Record<string, string> }).annotations ?? {}).flatMap((text) =>
    [...text.matchAll(/\bthinpool_[a-z_]+(?=\{)/g)].map(([name]) => name),
  ),
);
const ofRules = [...metricsIn(rules.map(({ expr }) => expr)), ...templates].filter(
  (metric) => !metric.startsWith('kube_'),
);
const ofDashboards = metricsIn(
  names.flatMap((name) => queriesOf(shipped(name))).map(({ expr }) => withIntervals(expr)),
);

describe('what is kept for remote write', () => {
  it('is all that the rules read', () => {
    expect(ofRules.length).toBeGreaterThan(25);
    expect(ofRules.filter((metric) => !forRules(metric))).toEqual([]);
  });

  it('is all that the dashboards read', () => {
    expect(ofDashboards.length).toBeGreaterThan(40);
    expect(ofDashboards.filter((metric) => !forRules(metric) || !forDashboards(metric))).toEqual([]);
  });

  it('is not more', () => {
    for (const metric of ['thinpool_finding_overridden', 'thinpool_upload', 'go_goroutines', 'thinpool_'])
      expect(forRules(metric), metric).toBe(false);
    expect(forDashboards('thinpool_exporter_config_last_reload_successful')).toBe(false);
    expect(forDashboards('thinpool:left_bytes')).toBe(false);
  });
});
