import { expect, it } from 'vitest';
import { rulesFile } from '../../../src/alerting/prometheus/rule-files.ts';
import { describeWith } from '../../support/needs.ts';
import { cases } from './cases.ts';
import { lintDaemonSet, lintPodMonitor } from './lint.ts';
import { type Manifest, only, render } from './render.ts';
import { helm } from './tools.ts';

/** The job that the alerts select. */
const job = /up\{job="([^"]+)"\}/.exec(rulesFile({ keepFiringFor: true }))?.[1] ?? '';

// biome-ignore lint/suspicious/noExplicitAny: a Kubernetes object, whose shape the schemas check
type Change = (spec: any) => void;

const slips: readonly (readonly [why: string, change: Change, complaint: string])[] = [
  ['latest', (spec) => (first(spec).image = 'a/b:latest'), 'has no fixed tag'],
  ['no tag', (spec) => (first(spec).image = 'a.example:5000/b'), 'has no fixed tag'],
  ['a selector of others', (spec) => (spec.selector.matchLabels.x = 'y'), 'selector does not match'],
  ['no limit', (spec) => (first(spec).resources.limits = {}), 'memory has no limit'],
  ['no request', (spec) => (first(spec).resources.requests = {}), 'no memory is requested'],
  ['throttling', (spec) => (first(spec).resources.limits.cpu = '1'), 'CPU has a limit'],
  ['a token', (spec) => (spec.template.spec.automountServiceAccountToken = true), 'token of the cluster'],
  ['service links', (spec) => (spec.template.spec.enableServiceLinks = true), 'taken for options'],
  [
    'a root to write',
    (spec) => (first(spec).securityContext.readOnlyRootFilesystem = false),
    'can be written',
  ],
  ['a contradiction', (spec) => (first(spec).securityContext.allowPrivilegeEscalation = false), 'contradict'],
  ['a volume too much', (spec) => spec.template.spec.volumes.push({ name: 'x' }), 'do not match'],
  ['a mount twice', (spec) => first(spec).volumeMounts.push({ name: 'dev', mountPath: '/dev' }), 'one place'],
  ["a file in the host's /dev", (spec) => (first(spec).terminationMessagePath = '/dev/x'), "host's /dev"],
  ['a probe at no port', (spec) => (first(spec).livenessProbe.httpGet.port = 'web'), 'no port is named web'],
  [
    "the host's processes for nothing",
    (spec) => first(spec).args.push('--collector.dmeventd=off'),
    'hostPID',
  ],
  ['an option that there is not', (spec) => first(spec).args.push('--no-such'), '--no-such: unknown option'],
  ['another command', (spec) => (first(spec).args[0] = 'check'), 'it does not serve'],
];

const monitorSlips: readonly (readonly [why: string, change: Change, complaint: string])[] = [
  ['another port', (spec) => (spec.podMetricsEndpoints[0].port = 'web'), 'no port of the pods'],
  ['other pods', (spec) => (spec.selector.matchLabels = {}), 'does not select the pods'],
  ['another job', (spec) => relabelings(spec).shift(), 'job is not thinpool'],
  ['the address of a pod', (spec) => relabelings(spec).splice(1, 1), 'instance is not the node'],
  ['the name of the pod', (spec) => relabelings(spec).pop(), 'series would end with each pod'],
  [
    'an impatient scrape',
    (spec) => (spec.podMetricsEndpoints[0].scrapeTimeout = '9s'),
    'longer than the interval',
  ],
];

// biome-ignore lint/suspicious/noExplicitAny: as above
const first = (spec: any) => spec.template.spec.containers[0];
// biome-ignore lint/suspicious/noExplicitAny: as above
const relabelings = (spec: any) => spec.podMetricsEndpoints[0].relabelings;

function changed(manifest: Manifest, change: Change): Manifest {
  const copy = structuredClone(manifest);
  change(copy['spec']);
  return copy;
}

describeWith('helm')('the chart', () => {
  const rendered = (values: object) => render(helm, values);

  it.each(cases)('holds what no schema says, with %s', (_, values) => {
    const all = rendered(values);
    const daemonSet = only(all, 'DaemonSet');
    expect(lintDaemonSet(daemonSet)).toEqual([]);
    const monitors = all.filter(({ kind }) => kind === 'PodMonitor');
    expect(monitors.flatMap((monitor) => lintPodMonitor(monitor, daemonSet, job))).toEqual([]);
  });

  it('is held against more than it needs', () => {
    const all = rendered({ podMonitor: { enabled: true } });
    const daemonSet = only(all, 'DaemonSet');
    for (const [why, change, complaint] of slips)
      expect(lintDaemonSet(changed(daemonSet, change)).join(), why).toContain(complaint);
    const monitor = only(all, 'PodMonitor');
    for (const [why, change, complaint] of monitorSlips)
      expect(lintPodMonitor(changed(monitor, change), daemonSet, job).join(), why).toContain(complaint);
  });

  it('mounts only what the collectors need from the host', () => {
    const places = (values: object) =>
      only(rendered(values), 'DaemonSet')['spec'].template.spec.volumes.map(
        ({ hostPath, secret }: { hostPath?: { path: string }; secret?: { secretName: string } }) =>
          hostPath?.path ?? `secret ${secret?.secretName}`,
      );
    expect(places({})).toEqual(['/dev', '/run', '/run/lock', '/etc/lvm']);
    expect(places({ lvm: { enabled: false } })).toEqual(['/dev']);
    expect(places({ lvm: { enabled: false }, docker: { enabled: true } })).toEqual(['/dev', '/run']);
    expect(places({ lvm: { enabled: false }, hostPaths: ['/srv/a', '/b'] })).toEqual([
      '/dev',
      '/srv/a',
      '/b',
    ]);
    expect(places({ lvm: { enabled: false }, webConfig: { secretName: 'web' } })).toEqual([
      '/dev',
      'secret web',
    ]);
  });

  it('makes nothing on the host', () => {
    const { volumes } = only(rendered({ hostPaths: ['/srv/a'], docker: { enabled: true } }), 'DaemonSet')[
      'spec'
    ].template.spec;
    const types = volumes.map(({ hostPath }: { hostPath: { type?: string } }) => hostPath.type);
    expect(new Set(types)).toEqual(new Set(['Directory']));
  });

  it('writes nowhere on the host but where LVM has its locks', () => {
    const { volumeMounts } = first(
      only(rendered({ hostPaths: ['/srv/a'], docker: { enabled: true } }), 'DaemonSet')['spec'],
    );
    const writable = volumeMounts
      .filter(({ readOnly }: { readOnly?: boolean }) => readOnly !== true)
      .map(({ mountPath }: { mountPath: string }) => mountPath);
    expect(writable).toEqual(['/run/lock']);
  });

  it('lets its own labels win, or its pods would not be found', () => {
    const { template } = only(
      rendered({ podLabels: { 'app.kubernetes.io/name': 'x', a: 'b' } }),
      'DaemonSet',
    )['spec'];
    expect(template.metadata.labels).toEqual({
      a: 'b',
      'app.kubernetes.io/name': 'thinpool-exporter',
      'app.kubernetes.io/instance': 'thinpool-exporter',
    });
  });
});
