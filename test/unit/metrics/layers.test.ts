import { expect, it } from 'vitest';
import { layerMetrics } from '../../../src/metrics/layers.ts';
import type { Layer } from '../../../src/model/facts.ts';
import { makeHost, makePool } from '../../support/makers.ts';

const samplesOf = (layers: readonly Layer[]) => {
  const stack = layers.flatMap((layer, at) =>
    (['data', 'metadata'] as const).map(
      (resource) =>
        ({ resource, depth: 0, device: '253:7', name: `d${at}`, target: layer.target, layer }) as const,
    ),
  );
  const host = makeHost({ pools: [makePool({ name: 'p', stack })] });
  return layerMetrics.flatMap(({ name, samples }) =>
    samples(host).map(({ labels, value }) => `${name}{${labels['pool']},${labels['name']}} ${value}`),
  );
};

it('has the state of each device under a pool once, and nothing that is not known', () => {
  expect(
    samplesOf([
      { target: 'vdo', readOnly: true, recovering: false, usedBytes: 1, sizeBytes: 2 },
      { target: 'raid', type: 'raid1', devices: 3, failedDevices: 1, syncedSectors: 5, sectors: 10 },
      { target: 'cache', failed: false },
      { target: 'multipath', paths: 4, failedPaths: 0 },
    ]),
  ).toEqual([
    'thinpool_vdo_used_bytes{p,d0} 1',
    'thinpool_vdo_size_bytes{p,d0} 2',
    'thinpool_vdo_read_only{p,d0} 1',
    'thinpool_raid_devices{p,d1} 3',
    'thinpool_raid_devices_failed{p,d1} 1',
    'thinpool_raid_sync_ratio{p,d1} 0.5',
    'thinpool_cache_failed{p,d2} 0',
    'thinpool_multipath_paths{p,d3} 4',
    'thinpool_multipath_paths_failed{p,d3} 0',
  ]);
});
