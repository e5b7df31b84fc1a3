import { describe, expect, it } from 'vitest';
import { driverStatus, humanSize } from '../../../demo/screens/docker.ts';
import { hostAt } from '../../../demo/story.ts';

const units: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 };

function bytesOf(size: string): number {
  const { number, unit } = /^(?<number>[\d.]+)(?<unit>[kMG]?B)$/.exec(size)!.groups!;
  return Number(number) * units[unit!]!;
}

describe('what Docker says', () => {
  it.each([
    [0, '0B'],
    [65_536, '65.54kB'],
    [38_139_658_240, '38.14GB'],
    [17_000_000_000, '17GB'],
    [999_960, '1000kB'],
  ])('writes %d as %s, as go-units does', (bytes, text) => {
    expect(humanSize(bytes)).toBe(text);
  });

  it.each([0, 40, 61, 100, 130, 145, 170])(
    'agrees with the blocks of the pool %d s into the story',
    (second) => {
      const host = hostAt(second);
      const pool = host.pools.find(({ dmName }) => dmName === 'docker-thinpool')!;
      const output = new Map(driverStatus(host));
      const block = pool.blockSectors * 512;
      const close = (key: string, bytes: number) =>
        expect(Math.abs(bytesOf(output.get(key)!) - bytes), key).toBeLessThanOrEqual(bytes * 0.0005);
      close('Data Space Used', pool.usedBlocks * block);
      close('Data Space Total', pool.totalBlocks * block);
      close('Data Space Available', (pool.totalBlocks - pool.usedBlocks) * block);
      close('Metadata Space Used', pool.metadataUsed * 4096);
      close('Thin Pool Minimum Free Space', Math.floor(pool.totalBlocks / 10) * block);
    },
  );
});
