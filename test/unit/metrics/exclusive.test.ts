import { expect, it } from 'vitest';
import { catalogue } from '../../../src/metrics/catalogue.ts';
import type { ExclusiveState } from '../../../src/model/exclusive.ts';
import { makeHost, makePool, makeVolume } from '../../support/makers.ts';

const uuid = 'LVM-abc-tpool';
const pool = makePool({
  ...{ name: 'p', dmName: 'p-tpool', uuid, volumeCount: 2 },
  volumes: [
    { ...makeVolume('253:8'), deviceId: 1 },
    { ...makeVolume('253:9'), deviceId: 2, createdAfter: 6000 },
  ],
});
const volumes = [1, 2].map((deviceId) => ({ deviceId, mappedBlocks: 9, exclusiveBlocks: 3 }));
const state: ExclusiveState = {
  spaces: [
    { dmName: 'p-tpool', uuid, device: '253:2', bootId: 'b', takenAt: 5000, blockBytes: 4096, volumes },
  ],
  outcomes: [
    { dmName: 'p-tpool', outcome: 'held' },
    { dmName: 'gone', outcome: 'measured' },
  ],
};

const samplesOf = (exclusive: ExclusiveState | undefined, pools = [pool]) =>
  catalogue
    .flatMap(({ metrics }) => metrics)
    .filter(({ name }) => name.includes('exclusive'))
    .flatMap(({ name, samples }) =>
      samples(makeHost({ pools, ...(exclusive && { exclusive }) })).map(
        ({ labels, value }) => `${name} ${Object.values(labels).join(' ')} ${value}`,
      ),
    );

it('has what was measured, when, and how the latest attempt ended', () => {
  expect(samplesOf(state)).toEqual([
    'thinpool_exclusive_timestamp_seconds p 5',
    'thinpool_exclusive_outcome_info p held 1',
    'thinpool_volume_exclusive_bytes p volume-253:8 12288',
  ]);
});

it('has volumes of LVM that are not active, under the name of their device', () => {
  const inLvm = { ...pool, vgName: 'vg', lvName: 'p-1', inactiveVolumeCount: 1 };
  const snap = { vgName: 'vg', lvName: 'snap-1', role: 'volume', poolLv: 'p-1', active: false } as const;
  const host = makeHost({ pools: [inLvm], logicalVolumes: [{ ...snap, deviceId: 2 }], exclusive: state });
  const metric = catalogue
    .flatMap(({ metrics }) => metrics)
    .find(({ name }) => name === 'thinpool_volume_exclusive_bytes');
  expect(metric?.samples(host)).toEqual([
    { labels: { pool: 'p', volume: 'volume-253:8' }, value: 12_288 },
    { labels: { pool: 'p', volume: 'vg-snap--1' }, value: 12_288 },
  ]);
});

it('has nothing unless something is measured, nor of a pool that was made anew', () => {
  expect(samplesOf(undefined)).toEqual([]);
  expect(samplesOf({ spaces: [], outcomes: [] })).toEqual([]);
  expect(samplesOf({ ...state, outcomes: [] }, [{ ...pool, uuid: 'LVM-other-tpool' }])).toEqual([]);
});
