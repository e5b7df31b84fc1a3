import { describe, expect, it } from 'vitest';
import type { Query } from '../../../../src/collectors/collector.ts';
import { names } from '../../../../src/collectors/names/names.ts';
import type { Host } from '../../../../src/model/host.ts';
import type { Volume, VolumeUse } from '../../../../src/model/pool.ts';
import { readBy } from '../../../property/row.ts';
import { makeCollector, makeHost, makePool } from '../../../support/makers.ts';

const options = { segMonitor: 'off' } as const;

function volume(lvName: string, use?: Partial<VolumeUse>, more: Partial<Volume> = {}): Volume {
  return {
    name: `vg-${lvName}`,
    device: '253:7',
    suspended: false,
    sizeBytes: 1,
    lvName,
    ...(use && { use: { owner: 'proxmox', role: 'disk', consumer: 'guest', id: '100', ...use } }),
    ...more,
  };
}

function queriesOf(volumes: readonly Volume[], host: Partial<Host> = {}): readonly Query[] {
  return names.queries(makeHost({ pools: [makePool({ volumes })], ...host }), options);
}

function keysOf(volumes: readonly Volume[], host: Partial<Host> = {}): string[] {
  return queriesOf(volumes, host).map(({ key }) => key);
}

function commandOf(queries: readonly Query[], key: string): string {
  const input = queries.find((query) => query.key === key)?.variants[0].input;
  return input !== undefined && 'command' in input ? input.command.join(' ') : '';
}

function read(queries: readonly Query[], key: string, stdout: string): readonly object[] {
  return (
    readBy(
      queries.find((query) => query.key === key),
      undefined,
      stdout,
    ).nameRecords ?? []
  );
}

describe('what is read', () => {
  it('is nothing where every volume is known without files', () => {
    expect(keysOf([])).toEqual([]);
    expect(keysOf([volume('vm-work-private', { owner: 'qubes' })])).toEqual([]);
    expect(keysOf([{ ...volume('x'), lvName: undefined } as unknown as Volume])).toEqual([]);
  });

  it('is the configuration of the guests that have volumes here, and of no other', () => {
    const queries = queriesOf([
      volume('a', { id: '101' }),
      volume('b', { id: '100' }),
      volume('c', { id: '100' }),
    ]);
    expect(queries.map(({ key }) => key)).toEqual(['guests']);
    expect(commandOf(queries, 'guests')).toBe(
      'grep -raHm1 --include=100.conf --include=101.conf -e ^name:  -e ^hostname:  -e ^\\[ -- /etc/pve/nodes',
    );
  });

  it('is libvirt, too, where names are only like those of guests', () => {
    const guests = { key: 'guests', finishedAt: 1 } as never;
    const collectors = [makeCollector({ name: 'names', queries: [guests] })];
    expect(keysOf([volume('a', {})], { collectors })).toEqual(['guests', 'domains']);
    const nameRecords = [{ from: 'proxmox', id: '100' }] as const;
    expect(keysOf([volume('a', {})], { collectors, nameRecords })).toEqual(['guests']);
  });

  it('is libvirt and the mounts of LVs whose user is not known, and then what lies beside the mounts', () => {
    const nameRecords = [{ from: 'kubelet', dmName: 'vg-a', file: '/k/vol_data.json' }] as const;
    expect(keysOf([volume('a')])).toEqual(['domains', 'mounts']);
    const queries = queriesOf([volume('a', { owner: 'kubernetes' })], { nameRecords });
    expect(queries.map(({ key }) => key)).toEqual(['mounts', 'volumes']);
    expect(commandOf(queries, 'mounts')).toBe('grep -aF -e  253:7  -e  /dm-7  -- /proc/1/mountinfo');
    expect(commandOf(queries, 'volumes')).toMatch(/ -- \/k\/vol_data\.json$/);
  });

  it("is udev's record of a file system of Stratis", () => {
    const [query] = queriesOf([volume('a', { owner: 'stratis' })]);
    expect(query?.variants[0].input).toEqual({ paths: [{ how: 'text', path: '/run/udev/data/b253:7' }] });
  });

  it('is bounded', () => {
    const many = Array.from({ length: 1500 }, (_, at) => volume(`a${at}`, { id: String(100 + at) }));
    expect(commandOf(queriesOf(many), 'guests').match(/--include=/g)).toHaveLength(1000);
    const unknown = many.map(({ use, ...rest }) => rest);
    expect(commandOf(queriesOf(unknown), 'mounts').length).toBeLessThan(50_000);
  });

  it('leaves out pools that are not watched', () => {
    const pools = [makePool({ volumes: [volume('a', {})], excluded: true })];
    expect(keysOf([], { pools })).toEqual([]);
  });

  it('is read again at once for a new guest without a name', () => {
    const staleOf = (use: Partial<VolumeUse>, createdAfter: number) =>
      queriesOf([volume('a', use, { createdAfter })], { takenAt: 1_000_000 })[0]?.staleSince;
    expect(staleOf({}, 900_000)).toBe(900_000);
    expect(staleOf({ name: 'web-01' }, 900_000)).toBeUndefined();
    // The mounts follow the creation of a volume.
    const mounts = queriesOf([volume('a', { owner: 'openebs' }, { createdAfter: 990_000 })], {
      takenAt: 1_000_000,
    });
    expect(mounts[0]).not.toHaveProperty('staleSince');
  });
});

describe('the configurations of guests', () => {
  const queries = queriesOf([volume('a', {})]);
  const guests = (text: string) => read(queries, 'guests', text);

  it('give names of machines and containers, on any node', () => {
    expect(
      guests(
        '/etc/pve/nodes/a/qemu-server/100.conf:name: web-01\n/etc/pve/nodes/b/lxc/101.conf:hostname: mail.example.org\n',
      ),
    ).toEqual([
      { from: 'proxmox', id: '100', name: 'web-01' },
      { from: 'proxmox', id: '101', isContainer: true, name: 'mail.example.org' },
    ]);
  });

  it('give no name that only a snapshot has', () => {
    expect(guests('/etc/pve/nodes/a/qemu-server/100.conf:[before]\n')).toEqual([
      { from: 'proxmox', id: '100' },
    ]);
  });

  it('hide only the one that is odd', () => {
    expect(
      guests(
        '/etc/pve/nodes/a/qemu-server/100.conf:name: \x1b[2J\n/etc/pve/nodes/a/qemu-server/101.conf:name: db\nBinary\n',
      ),
    ).toEqual([{ from: 'proxmox', id: '101', name: 'db' }]);
  });

  it('are none where grep found none, also where they are not there; else it failed', () => {
    const parse = queries[0]!.variants[0].parse;
    const output = { stdout: '', stderr: '', takenAt: 0 };
    expect(parse({ ...output, exitCode: 1 }, undefined)).toEqual({ nameRecords: [] });
    const failed = (stderr: string) => () => parse({ ...output, stderr, exitCode: 2 }, undefined);
    expect(failed('grep: /etc/pve/nodes: No such file or directory\n')()).toEqual({ nameRecords: [] });
    expect(failed('grep: /etc/pve/nodes: Permission denied\n')).toThrow(
      expect.objectContaining({ name: 'Denied' }),
    );
    expect(failed('grep: x: Transport endpoint is not connected\n')).toThrow('exit code 2');
  });
});

describe('the domains of libvirt', () => {
  const disks = (text: string) => read(queriesOf([volume('a')]), 'domains', text);

  it('give their disks, by the path of the LV or of the device', () => {
    expect(
      disks(
        `/etc/libvirt/qemu/a.xml:<name>a&lt;b</name>\n/etc/libvirt/qemu/a.xml:<source dev='/dev/my-vg/root'\n/etc/libvirt/qemu/a.xml:<source index="2" dev="/dev/mapper/my--vg-data"\n`,
      ),
    ).toEqual([
      { from: 'libvirt', dmName: 'my--vg-root', domain: 'a<b' },
      { from: 'libvirt', dmName: 'my--vg-data', domain: 'a<b' },
    ]);
  });

  it('are none of networks, of disks elsewhere and of a file without a name', () => {
    expect(
      disks(
        "/etc/libvirt/qemu/networks/default.xml:<name>default</name>\n/etc/libvirt/qemu/b.xml:<source dev='/dev/vg/a'\n/etc/libvirt/qemu/c.xml:<name>c</name>\n/etc/libvirt/qemu/c.xml:<source dev='/dev/disk/by-id/x'\n",
      ),
    ).toEqual([]);
  });
});

describe('the mounts of the kubelet', () => {
  const pod = 'c9bf9e57-1685-4c89-bafb-ff5af830be8a';
  const mounts = (place: string, device = '253:7', root = '/') =>
    read(
      queriesOf([volume('a')]),
      'mounts',
      `80 31 ${device} ${root} ${place} rw shared:1 - ext4 /dev/x rw\n`,
    );
  const hash = 'ab'.repeat(32);

  it.each([
    [
      `/var/lib/kubelet/pods/${pod}/volumes/kubernetes.io~csi/pvc-1/mount`,
      {
        persistentVolume: 'pvc-1',
        pod,
        file: `/var/lib/kubelet/pods/${pod}/volumes/kubernetes.io~csi/pvc-1/vol_data.json`,
      },
    ],
    [
      `/var/snap/k/pods/${pod}/volumes/kubernetes.io~csi/my\\040pv/mount`,
      {
        persistentVolume: 'my pv',
        mayBeInline: true,
        pod,
        file: `/var/snap/k/pods/${pod}/volumes/kubernetes.io~csi/my pv/vol_data.json`,
      },
    ],
    [
      `/var/lib/kubelet/pods/${pod}/volumes/kubernetes.io~local-volume/disk-1`,
      {
        persistentVolume: 'disk-1',
        pod,
        file: `/var/lib/kubelet/pods/${pod}/volumes/kubernetes.io~local-volume/disk-1/vol_data.json`,
      },
    ],
    [
      '/var/lib/kubelet/plugins/kubernetes.io/csi/pv/pvc-2/globalmount',
      {
        persistentVolume: 'pvc-2',
        file: '/var/lib/kubelet/plugins/kubernetes.io/csi/pv/pvc-2/vol_data.json',
      },
    ],
    [
      `/var/lib/kubelet/plugins/kubernetes.io/csi/topolvm.io/${hash}/globalmount`,
      { file: `/var/lib/kubelet/plugins/kubernetes.io/csi/topolvm.io/${hash}/vol_data.json` },
    ],
  ])('are those at %s', (place, expected) => {
    expect(mounts(place)).toEqual([{ from: 'kubelet', dmName: 'vg-a', ...expected }]);
  });

  it('are those of raw block devices', () => {
    const place = `/var/lib/kubelet/plugins/kubernetes.io/csi/volumeDevices/pvc-3/dev/${pod}`;
    const file = '/var/lib/kubelet/plugins/kubernetes.io/csi/volumeDevices/pvc-3/data/vol_data.json';
    expect(mounts(place, '0:5', '/dm-7')).toEqual([
      { from: 'kubelet', dmName: 'vg-a', persistentVolume: 'pvc-3', pod, file },
    ]);
  });

  it('are not those elsewhere, or of other devices', () => {
    expect(mounts('/srv/data')).toEqual([]);
    expect(mounts('/var/lib/kubelet/plugins/kubernetes.io/csi/pv/pvc-2/globalmount', '253:8')).toEqual([]);
  });

  it('have a driver in the record beside them', () => {
    const nameRecords = [{ from: 'kubelet', dmName: 'vg-a', file: '/k/vol_data.json' }] as const;
    const queries = queriesOf([volume('a')], { nameRecords });
    const lines =
      '/k/vol_data.json:"driverName":"topolvm.io"\n/k/vol_data.json:"volumeLifecycleMode":"Persistent"\n/l/vol_data.json:"driverName": "x"\n/m/vol_data.json:"volumeLifecycleMode":"Ephemeral"\n';
    expect(read(queries, 'volumes', lines)).toEqual([
      { from: 'csi', file: '/k/vol_data.json', driver: 'topolvm.io', persistent: true },
      { from: 'csi', file: '/l/vol_data.json', driver: 'x' },
    ]);
  });
});

describe('the links of Stratis', () => {
  const links = (text: string | null) =>
    read(
      queriesOf([volume('a', { owner: 'stratis' })]),
      'links',
      JSON.stringify({ '/run/udev/data/b253:7': text, '/run/udev/data/b253:9': 'S:stratis/other/fs\n' }),
    );

  it('give the pool and the file system', () => {
    expect(links('S:disk/by-id/x\nS:stratis/tank/home\nE:A=stratis/x/y\n')).toEqual([
      { from: 'stratis', dmName: 'vg-a', pool: 'tank', fileSystem: 'home' },
    ]);
  });

  it.each([null, '', 'S:stratis/tank\n', 'E:S:stratis/a/b\n'])('are none in %j', (text) => {
    expect(links(text)).toEqual([]);
  });
});
