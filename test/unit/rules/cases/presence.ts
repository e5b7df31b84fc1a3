import type { Pool, ReadTimes } from '../../../../src/model/pool.ts';
import { makeHost, makeUnknownPool } from '../../../support/makers.ts';
import { type CodeCases, lvmPool } from '../each-code.ts';

export const read = (startedAt: number): ReadTimes => ({
  startedAt,
  finishedAt: startedAt + 100,
  expiresAt: startedAt + 200_000,
});

export const group = {
  vgName: 'pve',
  sizeBytes: 100,
  freeBytes: 10,
  extentBytes: 1,
  pvNames: ['/dev/sda3'],
  missingPvCount: 0,
};

export const lv = { vgName: 'pve', lvName: 'data', role: 'pool', sizeBytes: 50, active: false } as const;
export function makeInactive(parts: Partial<Pool> = {}): Pool {
  const { device, table, lengthSectors, ...rest } = makeUnknownPool();
  return {
    ...rest,
    name: 'pve-data',
    dmName: 'pve-data',
    presence: 'inactive',
    vgName: 'pve',
    lvName: 'data',
    lvm: lv,
    volumeGroup: group,
    sightings: [
      { by: 'device-mapper', coveredAt: read(2000) },
      { by: 'lvm', coveredAt: read(1000), namedAt: read(1000) },
    ],
    ...parts,
  };
}

export const docker = { by: 'docker', coveredAt: read(1000), namedAt: read(1000) } as const;
export const unseen = makeInactive({ name: 'vg0-data', presence: 'unseen', sightings: [docker] });
const ofLvm = { ...lvmPool(), uuid: 'LVM-x' };

export const presenceCases: CodeCases = {
  'pool-inactive': {
    fires: makeHost({ pools: [makeInactive()] }),
    summary:
      'pool pve-data is not active: LVM lists pve/data, but device-mapper has no device of it, so its volumes cannot be used',
    quiet: makeHost({ pools: [makeInactive({ volumeGroup: { ...group, shared: true } })] }),
  },
  'pool-not-in-kernel': {
    fires: makeHost({ pools: [unseen] }),
    summary: 'pool vg0-data is reported by Docker, but device-mapper does not list it',
    quiet: makeHost({ pools: [unseen], discovered: false }),
  },
  'pool-not-reported': {
    fires: makeHost({ pools: [{ ...unseen, sightings: [{ by: 'docker', namedAt: read(1000) }] }] }),
    summary: 'pool vg0-data has no known figures: Docker, which alone reported it, cannot be read',
    quiet: makeHost({ pools: [unseen] }),
  },
  'lvm-does-not-report-pool': {
    fires: makeHost({ pools: [{ ...ofLvm, sightings: [{ by: 'lvm', coveredAt: read(5000) }] }] }),
    summary:
      'pool vg0-data was created by LVM, but LVM does not report it: monitoring, autoextend and free space in its VG are unknown',
    quiet: makeHost({
      pools: [{ ...ofLvm, sightings: [{ by: 'lvm', coveredAt: read(5000), namedAt: read(5000) }] }],
    }),
  },
};
