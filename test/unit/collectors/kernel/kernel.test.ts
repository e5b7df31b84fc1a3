import { describe, expect, it } from 'vitest';
import type { PathRead, Query } from '../../../../src/collectors/collector.ts';
import { kernel } from '../../../../src/collectors/kernel/kernel.ts';
import type { BlockDevice, PartialFacts } from '../../../../src/model/facts.ts';
import type { Host } from '../../../../src/model/host.ts';
import { makeHost, makePool, makeVolume } from '../../../support/makers.ts';

function queryOf(host: Host): ReadonlyMap<string, Query> {
  return new Map(kernel.queries(host, { segMonitor: 'auto' }).map((query) => [query.key, query]));
}

function pathsOf(query: Query | undefined): readonly PathRead[] {
  const input = query?.variants[0].input;
  return input !== undefined && 'paths' in input ? input.paths : [];
}

/** Answers a query from a copy of sysfs. */
function answer(query: Query | undefined, tree: Readonly<Record<string, string>>): PartialFacts {
  const contents = pathsOf(query).map(({ path }) => [path, tree[path] ?? null]);
  const stdout = JSON.stringify(Object.fromEntries(contents));
  return query?.variants[0].parse({ stdout, stderr: '', exitCode: 0, takenAt: 0 }, undefined) ?? {};
}

function inSysfs(folder: string, target: string, attributes: Readonly<Record<string, string>>) {
  const entries = Object.entries(attributes).map(([name, text]) => [`${folder}/${name}`, text] as const);
  return Object.fromEntries([[folder, target], ...entries]);
}

// Docker's loop-lvm: pool on two loop devices; and an LVM pool on a partition.
const sysfs: Readonly<Record<string, string>> = {
  ...inSysfs('/sys/dev/block/253:1', '../../devices/virtual/block/dm-1', {
    dev: '253:1\n',
    size: '4096\n',
    slaves: 'sda1',
    'dm/name': 'vg-pool_tdata\n',
  }),
  ...inSysfs('/sys/dev/block/253:0', '../../devices/virtual/block/dm-0', {
    dev: '253:0\n',
    slaves: 'loop0\nsda1',
  }),
  ...inSysfs('/sys/class/block/sda1', '../../devices/pci0/block/sda/sda1', {
    dev: '8:1\n',
    size: '100\n',
    partition: '1\n',
  }),
  ...inSysfs('/sys/class/block/sda', '../../devices/pci0/block/sda', { dev: '8:0\n', size: '200\n' }),
  ...inSysfs('/sys/class/block/loop0', '../../devices/virtual/block/loop0', {
    dev: '7:0\n',
    'loop/backing_file': '/srv/meta\n',
  }),
};

describe('kernel', () => {
  it('queries settings alone if no pool is known', () => {
    expect([...queryOf(makeHost()).keys()]).toEqual(['settings']);
  });

  it('reads settings, and leaves out those that are not there', () => {
    const settings = queryOf(makeHost()).get('settings');
    const path = '/sys/module/dm_thin_pool/parameters/no_space_timeout';
    expect(answer(settings, { [path]: '60\n', '/proc/sys/kernel/hung_task_detect_count': '3\n' })).toEqual({
      kernelSettings: [
        { name: 'no_space_timeout_seconds', value: 60 },
        { name: 'hung_task_detect_count', value: 3 },
      ],
    });
    expect(answer(settings, {})).toEqual({ kernelSettings: [] });
    expect(() => answer(settings, { [path]: 'never\n' })).toThrow(
      'no_space_timeout_seconds as a whole number',
    );
  });

  it('finds the devices under a pool in as many polls as there are levels, and then queries nothing new', () => {
    let blockDevices: readonly BlockDevice[] = [];
    const found: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const stack = queryOf(makeHost({ pools: [makePool()], blockDevices })).get('stack');
      blockDevices = answer(stack, sysfs).blockDevices ?? [];
      found.push(blockDevices.length);
    }
    expect(found).toEqual([2, 4, 5, 5, 5]);
    expect(blockDevices).toContainEqual({
      device: '8:1',
      name: 'sda1',
      sizeBytes: 51_200,
      slaves: [],
      parent: 'sda',
    });
    expect(blockDevices.find(({ name }) => name === 'loop0')?.backingFile).toBe('/srv/meta');
  });

  it('reads a folder as a link, its slaves as a list, and the rest as text', () => {
    const pool = makePool({ table: { ...makePool().table, metadataDevice: '253:1' } });
    const folder = '/sys/dev/block/253:1';
    expect(pathsOf(queryOf(makeHost({ pools: [pool] })).get('stack'))).toEqual([
      { how: 'link', path: folder },
      { how: 'text', path: `${folder}/dev` },
      { how: 'text', path: `${folder}/size` },
      { how: 'list', path: `${folder}/slaves` },
      { how: 'text', path: `${folder}/partition` },
      { how: 'text', path: `${folder}/dm/name` },
      { how: 'text', path: `${folder}/loop/backing_file` },
    ]);
  });

  it('reads each path once', () => {
    const pools = [makePool(), makePool({ dmName: 'other' })];
    const paths = pathsOf(queryOf(makeHost({ pools })).get('stack')).map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths).toHaveLength(14);
  });

  it('lists XFS file systems, and then reads the retry settings of those on thin volumes', () => {
    const volumes = [makeVolume('253:4'), makeVolume('253:5')];
    const tree = {
      '/sys/fs/xfs': 'dm-4\ndm-9\nsda1\nstats',
      '/sys/fs/xfs/dm-4/error/metadata/ENOSPC/max_retries': '-1\n',
      '/sys/fs/xfs/dm-4/error/fail_at_unmount': '0\n',
    };
    const first = queryOf(makeHost({ pools: [makePool({ volumes })] })).get('retries');
    expect(answer(first, tree)).toEqual({ retryPolicies: [{ kernelName: 'dm-4' }, { kernelName: 'dm-9' }] });
    const retryPolicies = [{ kernelName: 'dm-4', volume: 'thin' }];
    const second = queryOf(makeHost({ pools: [makePool({ volumes, retryPolicies })] })).get('retries');
    expect(pathsOf(second)).toHaveLength(3);
    expect(answer(second, tree)).toEqual({
      retryPolicies: [
        { kernelName: 'dm-4', enospcMaxRetries: -1, failAtUnmount: false },
        { kernelName: 'dm-9' },
      ],
    });
  });

  it('does not query XFS if there is no volume', () => {
    expect(queryOf(makeHost({ pools: [makePool({})] })).has('retries')).toBe(false);
  });

  it('costs one path however many volumes have no XFS, and bounds those that have', () => {
    const volumes = Array.from({ length: 1500 }, (_, minor) => makeVolume(`253:${minor}`));
    const mounted = volumes.map(({ name }, minor) => ({ kernelName: `dm-${minor}`, volume: name }));
    expect(pathsOf(queryOf(makeHost({ pools: [makePool({ volumes })] })).get('retries'))).toHaveLength(1);
    const pools = [makePool({ volumes, retryPolicies: mounted })];
    expect(pathsOf(queryOf(makeHost({ pools })).get('retries'))).toHaveLength(2001);
  });
});
