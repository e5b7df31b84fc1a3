import { expect, test } from 'vitest';
import { firstExtensions, planAutoextend } from '../../../src/thinpool/autoextend.ts';
import { recipePool } from '../../support/host.ts';

const extent = 4 * 1024 ** 2;
const policy = { thresholdPercent: 80, stepPercent: 20 };
const planned = { ...recipePool, autoextend: planAutoextend(recipePool, policy) };

test('95 %VG + 1 %VG with 80/20 can never extend its data', () => {
  const [data, metadata] = firstExtensions(planned);
  expect(data).toMatchObject({
    resource: 'data',
    neededBytes: 49 * extent,
    freeBytes: 9 * extent,
    fits: false,
  });
  expect(data?.neededRatio).toBeCloseTo(0.19, 2);
  expect(data?.freeRatio).toBeCloseTo(0.035, 3);
  expect(metadata).toMatchObject({ resource: 'metadata', neededBytes: 2 * extent, fits: true });
});

test('being full now does not make a good set-up a bad one', () => {
  const full = {
    ...planned,
    counters: { ...planned.counters!, dataUsedBlocks: 1936 },
    volumeGroup: { ...planned.volumeGroup!, freeBytes: 49 * extent },
  };
  expect(planAutoextend(full, policy).steps[0]?.shortfallBytes).toBeGreaterThan(0);
  expect(firstExtensions(full)[0]).toMatchObject({ neededBytes: 49 * extent, fits: true });
  const { counters: _, ...uncounted } = full;
  const percents = { vgName: 'docker', lvName: 'thinpool', role: 'pool', dataPercent: 100 } as const;
  expect(firstExtensions({ ...uncounted, lvm: percents })[0]).toMatchObject({ fits: true });
});

test('nothing is judged where LVM does not extend, or the VG is unknown', () => {
  const off = { ...planned, autoextend: planAutoextend(recipePool, { ...policy, thresholdPercent: 100 }) };
  const { autoextend: _autoextend, ...unplanned } = planned;
  const { volumeGroup: _group, ...ungrouped } = planned;
  const nowhere = { ...planned, volumeGroup: { ...planned.volumeGroup!, sizeBytes: 0 } };
  for (const pool of [off, unplanned, ungrouped, nowhere]) expect(firstExtensions(pool)).toEqual([]);
});
