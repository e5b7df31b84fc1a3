import type { Finding, MutedFinding, PendingFinding } from '../model/finding.ts';
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
    essential: 'not-zero',
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
  {
    name: 'thinpool_finding_overridden',
    help: '1 per active finding whose severity the option findings sets; the label was is the severity that it would have; absent when there is none.',
    type: 'gauge',
    labels: ['code', 'severity', 'pool', 'resource', 'target', 'collector', 'vg', 'was'],
    samples: (findings) =>
      findings.flatMap((finding) =>
        finding.severityWas === undefined
          ? []
          : [{ labels: { ...labelsOf(finding), was: finding.severityWas }, value: 1 }],
      ),
  },
];

/** What is about to be reported, so that nothing is healthy in the meantime. */
export const pendingMetrics: readonly Metric<readonly PendingFinding[]>[] = [
  {
    name: 'thinpool_finding_pending',
    help: 'Pending findings: 1 per finding that must hold for a while before it is reported as thinpool_finding; absent when there is none.',
    type: 'gauge',
    labels: ['code', 'severity', 'pool', 'resource', 'target', 'collector', 'vg'],
    samples: (pending) => pending.map((finding) => ({ labels: labelsOf(finding), value: 1 })),
  },
];

export const mutedMetrics: readonly Metric<readonly MutedFinding[]>[] = [
  {
    name: 'thinpool_finding_muted_until_timestamp_seconds',
    help: 'Unix time until which an active finding is muted by the option findings: it is not in thinpool_finding and raises no alert; absent when there is none.',
    type: 'gauge',
    labels: ['code', 'severity', 'pool', 'resource', 'target', 'collector', 'vg'],
    samples: (muted) =>
      muted.map((finding) => ({ labels: labelsOf(finding), value: finding.muteEndsAt / secondMs })),
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
