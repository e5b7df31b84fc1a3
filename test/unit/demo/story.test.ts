import { describe, expect, it } from 'vitest';
import {
  type DemoGroup,
  type DemoHost,
  type DemoPool,
  type DemoPv,
  type DemoSegment,
  extentsIn,
  freeExtents,
} from '../../../demo/host.ts';
import { momentsOf } from '../../../demo/story/moments.ts';
import { cycleSeconds } from '../../../demo/story/time.ts';
import { hostAt, type StoryName, stories, storyNames } from '../../../demo/story.ts';

const hostsOf = (story: StoryName) =>
  Array.from({ length: 2 * cycleSeconds + 1 }, (_, second) => stories[story].hostAt(second));
const everySecond = hostsOf('docker');
const poolsNamed = (name: string, hosts = everySecond): DemoPool[] =>
  hosts.map((host) => host.pools.find(({ dmName }) => dmName === name)!);

/** The states that a pool goes through in a cycle, each once for as long as it lasts. */
function statesOf(name: string, hosts = everySecond): string[] {
  const states = poolsNamed(name, hosts).map(({ mode, noSpace }) =>
    mode === 'rw' ? mode : `${mode} ${noSpace}`,
  );
  return states.filter((state, index) => state !== states[index - 1]);
}

describe('the story', () => {
  it('is the same on every run, with two endings in turn', () => {
    expect(hostAt(77)).toEqual(hostAt(77));
    expect(hostAt(cycleSeconds + 77)).not.toEqual(hostAt(77));
    expect(hostAt(2 * cycleSeconds + 77)).toEqual(hostAt(77));
  });

  it('takes each pool through states in an order that the kernel allows', () => {
    expect(statesOf('docker-thinpool')).toEqual([
      ...['rw', 'out_of_data_space queue', 'rw'],
      ...['out_of_data_space queue', 'out_of_data_space error', 'rw'],
    ]);
    expect(statesOf('data-backup-tpool')).toEqual(['rw', 'ro queue', 'rw', 'ro queue', 'rw']);
    for (const name of ['vg0-vms-tpool', 'scratch-pool', 'docker-8:1-9043971-pool'])
      expect(statesOf(name), name).toEqual(['rw']);
  });

  it('has guests of Proxmox VE whose writes wait, then go on or fail', () => {
    expect(statesOf('pve-data-tpool', hostsOf('proxmox'))).toEqual([
      ...['rw', 'out_of_data_space queue', 'rw'],
      ...['out_of_data_space queue', 'out_of_data_space error', 'rw'],
    ]);
  });

  it('fails writes no_space_timeout after they began to wait', () => {
    for (const { failing, queueing } of momentsOf) expect(failing - queueing).toBe(60);
  });

  it('lets LVM extend the virtual machines twice, each time soon after 80 %', () => {
    const pools = poolsNamed('vg0-vms-tpool').slice(0, cycleSeconds);
    expect(new Set(pools.map(({ totalBlocks }) => totalBlocks)).size).toBe(3);
    for (const { usedBlocks, totalBlocks } of pools) expect(usedBlocks / totalBlocks).toBeLessThan(0.85);
  });
});

describe.each(storyNames)('a host of the story %s', (story) => {
  const everySecond = hostsOf(story);
  const everyPool = (check: (pool: DemoPool, second: number) => void): void => {
    for (const [second, host] of everySecond.entries()) for (const pool of host.pools) check(pool, second);
  };

  it('has whole numbers of blocks, and never more used than there are', () => {
    everyPool((pool, second) => {
      const { usedBlocks, totalBlocks, metadataUsed, metadataTotal } = pool;
      const at = `${pool.dmName} at ${second} s`;
      for (const count of [usedBlocks, totalBlocks, metadataUsed, metadataTotal, pool.lowWaterBlocks])
        expect(Number.isSafeInteger(count) && count >= 0, at).toBe(true);
      expect(usedBlocks, at).toBeLessThanOrEqual(totalBlocks);
      expect(metadataUsed, at).toBeLessThanOrEqual(metadataTotal);
    });
  });

  it('has a pool out of data space only when no block is free, read-only only when no metadata is', () => {
    everyPool(({ mode, usedBlocks, totalBlocks, metadataUsed, metadataTotal, dmName }, second) => {
      const at = `${dmName} at ${second} s`;
      if (mode === 'out_of_data_space') expect(usedBlocks, at).toBe(totalBlocks);
      expect(mode === 'ro', at).toBe(metadataUsed === metadataTotal);
    });
  });

  it('has volumes that map whole blocks, no more than themselves, and together what the pool uses', () => {
    everyPool((pool, second) => {
      const at = `${pool.dmName} at ${second} s`;
      const active = pool.volumes.filter(({ minor }) => minor !== undefined);
      for (const { mappedSectors, sectors } of active) {
        expect(mappedSectors % pool.blockSectors, at).toBe(0);
        expect(mappedSectors, at).toBeLessThanOrEqual(sectors);
      }
      const mapped = pool.volumes.reduce(
        (sum, { minor, mappedSectors, ownSectors = 0 }) =>
          sum + (minor === undefined ? ownSectors : mappedSectors),
        0,
      );
      expect(mapped, at).toBe(pool.usedBlocks * pool.blockSectors);
    });
  });

  it('gives every device its own number and name', () => {
    for (const host of everySecond) {
      const numbers = host.pools
        .flatMap(({ minor, lvm, volumes }) => [
          minor,
          ...(lvm === undefined ? [] : [minor - 1, minor - 2, lvm.wrapperMinor ?? -minor]),
          ...volumes.flatMap((volume) => volume.minor ?? []),
        ])
        .concat(host.groups.flatMap(({ linear = [] }) => linear.map((lv) => lv.minor)));
      expect(new Set(numbers).size).toBe(numbers.length);
    }
  });

  it('gives every extent of a PV to one LV at most', () => {
    for (const host of everySecond)
      for (const group of host.groups) for (const pv of group.pvs) expectBooked(host, group, pv);
  });

  it('lets no segment move: one grows, or another is added', () => {
    for (const name of new Set(everySecond.flatMap((host) => host.pools.map(({ dmName }) => dmName)))) {
      const pools = poolsNamed(name, everySecond).slice(0, cycleSeconds);
      for (const [at, { lvm }] of pools.entries()) {
        const before = pools[at - 1]?.lvm;
        if (lvm === undefined || before === undefined) continue;
        expectInPlace(lvm.data, before.data);
        expectInPlace(lvm.metadata, before.metadata);
      }
    }
  });
});

function expectInPlace(now: readonly DemoSegment[], before: readonly DemoSegment[]): void {
  for (const [at, { pv, from, extents }] of before.entries()) {
    expect(now[at]).toMatchObject({ pv, from });
    expect(now[at]?.extents).toBeGreaterThanOrEqual(extents);
  }
}

function expectBooked(host: DemoHost, group: DemoGroup, pv: DemoPv): void {
  const segments = host.pools
    .flatMap(({ lvm }) => (lvm?.vg === group.name ? [...lvm.data, ...lvm.metadata] : []))
    .concat(group.spare, ...(group.linear ?? []).map((lv) => lv.segments))
    .filter((segment) => segment.pv.name === pv.name)
    .sort((one, other) => one.from - other.from);
  let end = 0;
  for (const { from, extents } of segments) {
    expect(from, pv.name).toBeGreaterThanOrEqual(end);
    end = from + extents;
  }
  expect(end, pv.name).toBeLessThanOrEqual(pv.extents);
  expect(freeExtents(host, group, pv), pv.name).toBe(pv.extents - extentsIn(segments));
}
