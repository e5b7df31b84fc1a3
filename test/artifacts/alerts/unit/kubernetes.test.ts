import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWith } from '../../../support/needs.ts';
import { promtools, tool } from '../../../support/tools.ts';
import { type Case, host, type Labels, poolOf, type Series, steady } from './case.ts';
import { failuresOf, readRules, selector } from './promtool.ts';

const file = join(import.meta.dirname, '../../../../alerts/thinpool-kubernetes.rules.yml');
const rules = readRules(readFileSync(file, 'utf8'));

const claimed = 'pvc-1b4e28ba-2fa1-41d2-883f-0016d3cca427';
const pending = 'pvc-6fa459ea-ee8a-4ca4-894e-db77e160355e';
const handle = '7d444840-9dc0-11d1-b245-5ffdce74fad2';
const ksm = { job: 'kube-state-metrics', instance: '10.0.0.7:8080' };

const info = (volume: string, labels: Labels): Series =>
  steady('thinpool_volume_info', { ...poolOf, kind: 'lvm', image: '', role: '', volume, ...labels }, 1, 6);
const kube = (metric: string, labels: Labels): Series => steady(metric, { ...ksm, ...labels }, 1, 6);
const pv = (persistentvolume: string, csi_volume_handle: string): Series =>
  kube('kube_persistentvolume_info', { persistentvolume, csi_volume_handle, storageclass: 'fast' });
const claim = (persistentvolumeclaim: string, volumename: string): Series =>
  kube('kube_persistentvolumeclaim_info', {
    namespace: 'shop',
    persistentvolumeclaim,
    volumename,
    storageclass: 'fast',
  });

const series: readonly Series[] = [
  info('vg-a', { owner: 'openebs', id: claimed, name: '', known_as: `vg/${claimed}` }),
  info('vg-b', { owner: 'kubernetes', id: pending, name: '', known_as: `vg/${pending}` }),
  // TopoLVM's, seen by an exporter that does not see the kubelet's mounts.
  info('vg-c', { owner: '', id: '', name: '', known_as: `vg/${handle}` }),
  info('vg-d', { owner: '', id: '', name: '', known_as: 'vg/root' }),
  info('vg-e', { owner: 'proxmox', id: '100', name: 'web', known_as: 'vg/vm-100-disk-0' }),
  ...['vg-a', 'vg-b', 'vg-c', 'vg-d', 'vg-e'].map((volume, at) =>
    steady('thinpool_volume_mapped_bytes', { ...poolOf, volume }, (at + 1) * 1000, 6),
  ),
  pv(claimed, claimed),
  pv(pending, pending),
  pv('pvc-topo', handle),
  // A second pod of kube-state-metrics, and what has no driver.
  steady(
    'kube_persistentvolume_info',
    {
      ...ksm,
      instance: '10.0.0.8:8080',
      persistentvolume: claimed,
      csi_volume_handle: claimed,
      storageclass: 'fast',
    },
    1,
    6,
  ),
  kube('kube_persistentvolume_info', { persistentvolume: 'nfs-1', csi_volume_handle: '', storageclass: '' }),
  kube('kube_persistentvolume_info', { persistentvolume: 'nfs-2', csi_volume_handle: '', storageclass: '' }),
  claim('data-db-0', claimed),
  claim('cache', 'pvc-topo'),
  // Not bound yet.
  claim('new-1', ''),
  claim('new-2', ''),
];

function found(record: string, volumes: readonly (readonly [Labels, number])[]): Case {
  const { instance } = host;
  return {
    what: record,
    about: record as Case['about'],
    interval: 30,
    alone: true,
    series,
    checks: [
      {
        at: 90,
        query: record,
        finds: volumes.map(([labels, value]) => ({
          labels: selector(record, { instance, pool: poolOf.pool, ...labels }),
          value,
        })),
      },
    ],
  };
}

const first = { volume: 'vg-a', persistentvolume: claimed };
const third = { volume: 'vg-c', persistentvolume: 'pvc-topo' };
const claims = [
  { ...first, namespace: 'shop', persistentvolumeclaim: 'data-db-0' },
  { ...third, namespace: 'shop', persistentvolumeclaim: 'cache' },
] as const;
const fast = { storageclass: 'fast' };

for (const promtool of promtools)
  describeWith(promtool)(`the records for Kubernetes, ${promtool}`, () => {
    it('give volumes their persistent volume, namespace and claim', { timeout: 60_000 }, async () => {
      const cases = [
        found('thinpool:volume_persistentvolume_info', [
          [{ ...first, ...fast }, 1],
          [{ volume: 'vg-b', persistentvolume: pending, ...fast }, 1],
          [{ ...third, ...fast }, 1],
        ]),
        found(
          'thinpool:volume_claim_info',
          claims.map((labels) => [{ ...labels, ...fast }, 1]),
        ),
        found('thinpool:volume_claim_mapped_bytes', [
          [claims[0], 1000],
          [claims[1], 3000],
        ]),
      ];
      expect(await failuresOf(tool(promtool), rules, cases)).toBe('');
    });

    it('fail where they should', { timeout: 60_000 }, async () => {
      const wrong = found('thinpool:volume_claim_mapped_bytes', [[claims[0], 1000]]);
      expect(await failuresOf(tool(promtool), rules, [wrong])).toContain(
        'thinpool:volume_claim_mapped_bytes',
      );
    });
  });
