import { describe, expect, it } from 'vitest';
import { deviceScreens } from '../../../demo/screens/device-mapper.ts';
import { containerIds, driverStatus, humanSize, infoJson } from '../../../demo/screens/docker.ts';
import { groupRows, volumeRows } from '../../../demo/screens/lvm.ts';
import { hostAt, stories, storyNames } from '../../../demo/story.ts';

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

const moments = [0, 40, 61, 100, 130, 145, 170, 239, 300, 380];

it.each(moments)(
  'Docker counts the containers that it lists, on devices of its base size, %d s into the story',
  (second) => {
    const host = hostAt(second);
    const ids = containerIds(host).trim().split('\n');
    expect(JSON.parse(infoJson(host))).toMatchObject({ Containers: ids.length });
    const base = bytesOf(new Map(driverStatus(host)).get('Base Device Size')!);
    for (const { container, sectors } of host.pools.flatMap(({ volumes }) => volumes))
      if (container !== undefined) expect(Math.abs(sectors * 512 - base)).toBeLessThan(base * 0.0005);
  },
);

describe.each(storyNames.flatMap((story) => moments.map((second) => ({ story, second }))))(
  '$story, $second s into the story',
  ({ story, second }) => {
    const host = stories[story].hostAt(second);

    it('each VG has what its LVs use and its PVs have free', () => {
      const rows = groupRows(host);
      for (const {
        vg_name: vg,
        vg_size: size,
        vg_free: free,
        vg_free_count: extents,
        pv_count: pvs,
      } of rows) {
        const own = rows.filter(({ vg_name }) => vg_name === vg);
        expect(own).toHaveLength(Number(pvs));
        expect(sum(own.map(({ pv_free }) => Number(pv_free)))).toBe(Number(free));
        expect(Number(extents) * (4 << 20)).toBe(Number(free));
        const onDisk = volumeRows(host).filter(
          ({ vg_name, lv_attr }) => vg_name === vg && /^[Te-]/.test(String(lv_attr)),
        );
        expect(sum(onDisk.map(({ lv_size }) => Number(lv_size))) + Number(free)).toBe(Number(size));
      }
    });

    it('each component of a pool is as large for dmsetup as for lvs', () => {
      const sectors = new Map(
        deviceScreens(host).map(({ name, table }) => [
          name,
          sum(table.map((line) => Number(line.split(' ')[1]))),
        ]),
      );
      for (const { lv_name: lv, vg_name: vg, lv_size: size } of volumeRows(host)) {
        const name = `${vg}-${String(lv)
          .replace(/^\[(.*)\]$/, '$1')
          .replaceAll('-', '--')}`;
        if (/_t(data|meta)\]$/.test(String(lv))) expect(sectors.get(name), name).toBe(Number(size) / 512);
      }
    });
  },
);

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
