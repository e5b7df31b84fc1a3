import type { Finding } from '../model/finding.ts';
import type { Metric } from '../model/metric.ts';
import { secondMs } from '../model/units.ts';

export const findingMetrics: readonly Metric<readonly Finding[]>[] = [
  {
    name: 'thinpool_finding',
    help: 'What is wrong: 1 for each finding, nothing otherwise. The codes stand in docs/reference/findings.md.',
    type: 'gauge',
    labels: ['code', 'severity', 'pool', 'resource', 'source', 'vg'],
    samples: (findings) => findings.map((finding) => ({ labels: labelsOf(finding), value: 1 })),
  },
  {
    name: 'thinpool_finding_last_known',
    help: '1 if the finding rests on the last reading there was, because newer ones do not return; else 0.',
    type: 'gauge',
    labels: ['code', 'severity', 'pool', 'resource', 'source', 'vg'],
    samples: (findings) =>
      findings.map((finding) => ({ labels: labelsOf(finding), value: Number(finding.lastKnown === true) })),
  },
  {
    name: 'thinpool_finding_since_timestamp_seconds',
    help: 'Unix time since when a finding holds, where that is known.',
    type: 'gauge',
    labels: ['code', 'severity', 'pool', 'resource', 'source', 'vg'],
    samples: (findings) =>
      findings.flatMap((finding) =>
        finding.since === undefined ? [] : [{ labels: labelsOf(finding), value: finding.since / secondMs }],
      ),
  },
];

function labelsOf({ code, severity, pool, resource, source, vg }: Finding): Record<string, string> {
  return { code, severity, pool: pool ?? '', resource: resource ?? '', source: source ?? '', vg: vg ?? '' };
}
