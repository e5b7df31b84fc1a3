import type { Pool } from '../../../../src/model/pool.ts';
import { planAutoextend } from '../../../../src/thinpool/autoextend.ts';
import { recipePool } from '../../../support/host.ts';
import { makeHost, makeSpace } from '../../../support/makers.ts';
import type { CodeCases } from '../each-code.ts';

export const MiB = 1024 ** 2;
export const policy = { thresholdPercent: 80, stepPercent: 20, monitoring: true };
/** 968 MiB of data, `used` percent of it in use, in a VG with room for a step by default. */
export function poolOf(used: number, parts: Partial<Pool> = {}, given = policy): Pool {
  const dataUsedBlocks = Math.round((1936 * used) / 100);
  const pool: Pool = {
    ...recipePool,
    counters: { ...recipePool.counters!, dataUsedBlocks },
    data: makeSpace(dataUsedBlocks, 1936, 524_288),
    metadata: makeSpace(220, 2048, 4096),
    volumeGroup: { ...recipePool.volumeGroup!, freeBytes: 600 * MiB },
    lvm: { vgName: 'docker', lvName: 'thinpool', role: 'pool', thinCount: 3, monitored: true },
    ...parts,
  };
  return { ...pool, autoextend: planAutoextend(pool, given) };
}

const { volumeGroup: sound, ...elsewhere } = poolOf(90);

export const lvmCases: CodeCases = {
  'lvm-refuses-new-volumes': {
    fires: makeHost({ pools: [poolOf(90)] }),
    summary:
      'LVM refuses new thin volumes and snapshots in pool docker-thinpool: 89.98% of its data is used, above its autoextend threshold of 80%',
    quiet: makeHost({ pools: [poolOf(79)] }),
  },
  'vg-not-changeable': {
    fires: makeHost({ pools: [{ ...elsewhere, volumeGroup: { ...sound!, exported: true } }] }),
    severity: 'critical',
    summary: 'pool docker-thinpool cannot be extended: VG docker is exported',
    quiet: makeHost({ pools: [{ ...elsewhere, volumeGroup: sound! }] }),
  },
};
