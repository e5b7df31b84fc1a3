import type { Finding } from '../model/finding.ts';
import type { Metric } from '../model/metric.ts';
import { secondMs } from '../model/units.ts';

export const findingMetrics: readonly Metric<readonly Finding[]>[] = [
  {
    name: 'thinpool_finding',
    help: 'Active findings: 1 per finding; absent when there is none (codes: docs/reference/findings.md).',
    type: 'gauge',
    labels: ['code', 'severity', 'pool', 'resource', 'target', 'collector', 'vg'],
    samples: (findings) => findings.map((finding) => ({ labels: labelsOf(finding), value: 1 })),
  },
  {
    name: 'thinpool_finding_last_known',
    help: '1 if the finding is based on the last known state because newer queries do not return, 0 otherwise.',
    type: 'gauge',
    labels: ['code', 'severity', 'pool', 'resource', 'target', 'collector', 'vg'],
    samples: (findings) =>
      findings.map((finding) => ({ labels: labelsOf(finding), value: Number(finding.lastKnown === true) })),
  },
  {
    name: 'thinpool_finding_since_timestamp_seconds',
    help: 'Unix time since which the finding has been active; absent if unknown.',
    type: 'gauge',
    labels: ['code', 'severity', 'pool', 'resource', 'target', 'collector', 'vg'],
    samples: (findings) =>
      findings.flatMap((finding) =>
        finding.since === undefined ? [] : [{ labels: labelsOf(finding), value: finding.since / secondMs }],
      ),
  },
];

function labelsOf({
  code,
  severity,
  pool,
  resource,
  target,
  collector,
  vg,
}: Finding): Record<string, string> {
  return {
    code,
    severity,
    pool: pool ?? '',
    resource: resource ?? '',
    target: target ?? '',
    collector: collector ?? '',
    vg: vg ?? '',
  };
}
