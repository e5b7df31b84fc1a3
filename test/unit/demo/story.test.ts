import { describe, expect, it } from 'vitest';
import type { DemoHost, DemoPool } from '../../../demo/host.ts';
import { dockerMoments } from '../../../demo/story/docker-thinpool.ts';
import { cycleSeconds } from '../../../demo/story/time.ts';
import { hostAt } from '../../../demo/story.ts';

const everySecond = Array.from({ length: 2 * cycleSeconds + 1 }, (_, second) => hostAt(second));
const poolsNamed = (name: string): DemoPool[] =>
  everySecond.map((host) => host.pools.find(({ dmName }) => dmName === name)!);

/** The states that a pool goes through in a cycle, each once for as long as it lasts. */
function statesOf(name: string): string[] {
  const states = poolsNamed(name).map(({ mode, noSpace }) => (mode === 'rw' ? mode : `${mode} ${noSpace}`));
  return states.filter((state, index) => state !== states[index - 1]);
}

function everyPool(check: (pool: DemoPool, second: number) => void): void {
  for (const [second, host] of everySecond.entries()) for (const pool of host.pools) check(pool, second);
}

describe('the story', () => {
  it('is the same on every run, with two endings in turn', () => {
    expect(hostAt(77)).toEqual(hostAt(77));
    expect(hostAt(cycleSeconds + 77)).not.toEqual(hostAt(77));
    expect(hostAt(2 * cycleSeconds + 77)).toEqual(hostAt(77));
  });

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

  it('has volumes that map whole blocks, no more than themselves and no more than the pool together', () => {
    everyPool((pool, second) => {
      const at = `${pool.dmName} at ${second} s`;
      const active = pool.volumes.filter(({ minor }) => minor !== undefined);
      for (const { mappedSectors, sectors } of active) {
        expect(mappedSectors % pool.blockSectors, at).toBe(0);
        expect(mappedSectors, at).toBeLessThanOrEqual(sectors);
      }
      const mapped = active.reduce((sum, { mappedSectors }) => sum + mappedSectors, 0);
      expect(mapped, at).toBeLessThanOrEqual(pool.usedBlocks * pool.blockSectors);
    });
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

  it('fails writes no_space_timeout after they began to wait', () => {
    for (const { failing, queueing } of dockerMoments) expect(failing - queueing).toBe(60);
  });

  it('lets LVM extend the virtual machines twice, each time soon after 80 %', () => {
    const pools = poolsNamed('vg0-vms-tpool').slice(0, cycleSeconds);
    expect(new Set(pools.map(({ totalBlocks }) => totalBlocks)).size).toBe(3);
    for (const { usedBlocks, totalBlocks } of pools) expect(usedBlocks / totalBlocks).toBeLessThan(0.85);
  });

  it('gives every device its own number and name', () => {
    for (const host of everySecond) {
      const numbers = host.pools.flatMap(({ minor, lvm, volumes }) => [
        minor,
        ...(lvm === undefined ? [] : [minor - 1, minor - 2, lvm.wrapperMinor ?? -minor]),
        ...volumes.flatMap((volume) => volume.minor ?? []),
      ]);
      expect(new Set(numbers).size).toBe(numbers.length);
    }
  });

  it('never gives away more extents than a group has', () => {
    for (const host of everySecond) for (const { name } of host.groups) expectBooked(host, name);
  });
});

function expectBooked(host: DemoHost, name: string): void {
  const group = host.groups.find((candidate) => candidate.name === name)!;
  const taken = host.pools
    .flatMap(({ lvm }) => (lvm?.vg === name ? [lvm] : []))
    .reduce(
      (sum, { dataExtents, metadataExtents }) => sum + dataExtents + metadataExtents,
      group.spareExtents,
    );
  expect(group.freeExtents, name).toBeGreaterThanOrEqual(0);
  expect(taken + group.freeExtents, name).toBe(group.extents);
}
