import { describe, expect, it } from 'vitest';
import { createVolumeJoin, type VolumeFacts } from '../../../src/assemble/volumes.ts';
import type { DmDevice, DmTable, VolumeStatus } from '../../../src/model/facts.ts';
import { makeFacts } from '../../support/makers.ts';

const device = (name: string, minor: number): DmDevice => ({
  name,
  device: `253:${minor}`,
  suspended: false,
  live: true,
});
const table = (name: string, target: DmTable['target']): DmTable => ({
  name,
  startSectors: 0,
  lengthSectors: 8,
  targetType: 'thin',
  target,
});
const status = (name: string, mappedSectors: number): VolumeStatus => ({
  name,
  lengthSectors: 8,
  state: 'readable',
  mappedSectors,
});
const nothing = makeFacts();
const names = Array.from({ length: 12 }, (_, at) => `v${at}`);
/** Two pools, `253:100` and `253:101`, whose volumes take turns. */
const devices = names.map((name, at) => device(name, at));
const tables = names.map((name, at) =>
  table(name, {
    kind: 'volume',
    unreadable: false,
    poolDevice: at % 2 === 0 ? '253:100' : '253:101',
    deviceId: at,
  }),
);
const mappedIn = (byPool: ReturnType<ReturnType<typeof createVolumeJoin>>, pool: '253:100' | '253:101') =>
  byPool.get(pool)?.volumes.map(({ name, mappedBytes }) => `${name} ${(mappedBytes ?? 0) / 512}`);

describe('volumes, joined again', () => {
  const factsOf = (
    volumeStatuses: readonly VolumeStatus[],
    more: Partial<VolumeFacts> = {},
  ): VolumeFacts => ({ ...nothing, devices, tables, volumeStatuses, ...more });
  const first = names.map((name) => status(name, 1));

  it('are the same objects, and in a pool without changes the same list', () => {
    const join = createVolumeJoin(100);
    const before = join(factsOf(first));
    const after = join(factsOf(first.map((one) => (one.name === 'v4' ? status('v4', 7) : one))));
    expect(mappedIn(after, '253:100')).toEqual(['v0 1', 'v2 1', 'v4 7', 'v6 1', 'v8 1', 'v10 1']);
    expect(after.get('253:101')?.volumes).toBe(before.get('253:101')?.volumes);
    expect(after.get('253:100')?.volumes[0]).toBe(before.get('253:100')?.volumes[0]);
    expect(before.get('253:100')?.volumes[2]?.mappedBytes).toBe(512);
    expect(after.get('253:100')).toMatchObject({ count: 6, provisionedBytes: 6 * 8 * 512 });
  });

  it('follow every course of changes as a first join would', () => {
    const join = createVolumeJoin(100);
    const twins = [...tables, ...tables.slice(4, 5)];
    const renamed = devices.map((one) => (one.name === 'v3' ? { ...one, suspended: true } : one));
    const steps: readonly VolumeFacts[] = [
      factsOf([]),
      factsOf(first),
      // In another order, as when another query was the last.
      factsOf([...first.slice(6), ...first.slice(0, 6)]),
      factsOf([status('v1', 5), ...first.slice(2), status('v0', 6)]),
      // Two of one: the last counts.
      factsOf([...first, status('v1', 8)]),
      factsOf([...first, status('v1', 9)]),
      factsOf(first.slice(1)),
      factsOf(first, { devices: renamed }),
      factsOf(first, { devices: devices.slice(2), tables: tables.slice(2) }),
      factsOf([...first.slice(0, 5), status('v5', 4), ...first.slice(6)]),
      factsOf([status('unknown', 4), ...first]),
      // A volume that was made anew while the tables were read.
      factsOf(first, { tables: twins }),
      factsOf([...first.slice(0, 4), status('v4', 9), ...first.slice(5)], { tables: twins }),
    ];
    for (const facts of steps) expect(join(facts)).toEqual(createVolumeJoin(100)(facts));
  });

  it('lose their status with it', () => {
    const join = createVolumeJoin(100);
    join(factsOf(first));
    const [volume] = join(factsOf(first.slice(1))).get('253:100')?.volumes ?? [];
    expect(volume?.mappedBytes).toBeUndefined();
  });
});
