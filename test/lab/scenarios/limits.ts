import { machineSuite, type SuiteName } from '../suites.ts';

/** Suites that have what a scenario takes, and what the others lack. */
export interface SuiteLimit {
  readonly suites: readonly SuiteName[];
  readonly others: string;
}

const devicemapperDriver: SuiteLimit = {
  suites: ['bullseye', 'bookworm'],
  others: 'no devicemapper driver',
};
const containerdPrograms: SuiteLimit = {
  suites: ['bullseye', 'bookworm', 'trixie'],
  others: 'not installed',
};
const machinePrograms: SuiteLimit = { suites: [machineSuite], others: 'not installed' };

/** By the name of the scenario, or its beginning. What is not here runs everywhere. */
const limits: readonly (readonly [RegExp, SuiteLimit])[] = [
  [/^(?:capture-|runbooks-)?docker/, devicemapperDriver],
  [/^(?:stalls-docker-|xfs-hang|loop-lvm)/, devicemapperDriver],
  [/^containerd$/, containerdPrograms],
  [/^incus$/, { suites: ['trixie'], others: 'not installed' }],
  // Prometheus with Alertmanager, systemd, buildah, Kubernetes.
  [/^(?:alert-path|page-delay|peers|rights|image|kubernetes)$/, machinePrograms],
];

export function limitOf(scenario: string): SuiteLimit | undefined {
  return limits.find(([pattern]) => pattern.test(scenario))?.[1];
}
