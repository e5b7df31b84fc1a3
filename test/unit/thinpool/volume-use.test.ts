import { describe, expect, it } from 'vitest';
import { describeUse } from '../../../src/format/describe-use.ts';
import type { DmDevice, LogicalVolume, NameRecord } from '../../../src/model/facts.ts';
import { joinLvmName } from '../../../src/model/names.ts';
import type { VolumeUse } from '../../../src/model/pool.ts';
import { createVolumeUses } from '../../../src/thinpool/volume-use.ts';
import { makeFacts } from '../../support/makers.ts';

const uuid = `LVM-${'a'.repeat(64)}`;
const anId = '3f2a9c1e-7b64-4d0a-9f11-0c5d8e2b7a90';
const fingerprint = '4f1d9a0b6c3e'.padEnd(64, '7');

function lv(vgName: string, lvName: string, role: LogicalVolume['role'] = 'volume'): LogicalVolume {
  return { vgName, lvName, role };
}

/** The use of an LV in a VG that has others besides. */
function useIn(
  vg: string,
  name: string,
  others: readonly LogicalVolume[] = [],
  nameRecords: readonly NameRecord[] = [],
): VolumeUse | undefined {
  const facts = makeFacts({ logicalVolumes: [lv(vg, name), ...others], nameRecords });
  return createVolumeUses()(facts)({ name: joinLvmName(vg, name), uuid }, undefined);
}

function useOfDevice(name: string, pool: string): VolumeUse | undefined {
  return createVolumeUses()(makeFacts())({ name }, pool);
}

/** Owner, and what people read. */
function told(use: VolumeUse | undefined): string | undefined {
  return use && `${use.owner}, ${use.role}: ${describeUse(use)}`;
}

const incusPool = [lv('vg', 'IncusThinPool', 'pool')];
const lxdPool = [lv('vg', 'LXDThinPool', 'pool')];

describe('the use of an LV by its name', () => {
  it.each([
    // Proxmox VE: lvs of real hosts.
    ['pve', 'vm-100-disk-0', [], 'proxmox, disk: guest 100'],
    ['pve', 'base-9000-disk-0', [], 'proxmox, template: template 9000'],
    ['pve', 'snap_vm-2006-disk-0_Before_Vault', [], 'proxmox, snapshot: snapshot Before_Vault of guest 2006'],
    ['pve', 'snap_vm-101-disk-0_vzdump', [], 'proxmox, snapshot: snapshot vzdump of guest 101'],
    ['pve', 'vm-301-state-speedtest', [], 'proxmox, state: saved state of guest 301 (speedtest)'],
    ['pve', 'vm-105-cloudinit', [], 'proxmox, cloud-init: cloud-init drive of guest 105'],
    ['pve', 'vm-105-fleece-0', [], 'proxmox, fleecing: backup fleecing image of guest 105'],
    // Incus as the lab lists it, LXD by the same names.
    ['vg', 'containers_web--01', incusPool, 'incus, disk: container web-01'],
    ['vg', 'containers_web--01-nightly', incusPool, 'incus, snapshot: snapshot nightly of container web-01'],
    ['vg', 'containers_staging_db--02', incusPool, 'incus, disk: container db-02 (project staging)'],
    ['vg', 'custom_default_backups', incusPool, 'incus, disk: custom volume backups'],
    [
      'vg',
      'custom_default_my_files-daily--1',
      lxdPool,
      'lxd, snapshot: snapshot daily-1 of custom volume my_files',
    ],
    ['vg', 'virtual-machines_win--11.block', lxdPool, 'lxd, disk: virtual machine win-11'],
    ['vg', 'virtual-machines_win--11', lxdPool, 'lxd, config: configuration of virtual machine win-11'],
    ['vg', `images_${fingerprint}_ext4`, [], 'incus-or-lxd, image: image 4f1d9a0b6c3e'],
    ['vg', 'containers_a', [lv('vg', `images_${fingerprint}`)], 'incus-or-lxd, disk: container a'],
    // Qubes OS.
    ['qubes_dom0', 'vm-work-private', [], 'qubes, private: private volume of qube work'],
    ['qubes_dom0', 'vm-fedora-40-root', [], 'qubes, root: root volume of qube fedora-40'],
    ['other', 'vm-sys-net-volatile', [], 'qubes, volatile: volatile volume of qube sys-net'],
    ['other', 'vm-sys-net-private-snap', [], 'qubes, private: private volume of qube sys-net'],
    ['other', 'vm-work-private-1535712345-back', [], 'qubes, snapshot: snapshot 1535712345 of qube work'],
    [
      'other',
      'vm-work-private',
      [lv('other', 'vm-work-volatile')],
      'qubes, private: private volume of qube work',
    ],
    // Kubernetes, LINSTOR, Cinder.
    ['vg', `pvc-${anId}`, [], `kubernetes, disk: PV pvc-${anId}`],
    ['vg', `pvc-${anId}_00000`, [], `linstor, disk: resource pvc-${anId}`],
    ['vg', 'vm-100-disk-1_00000', [], 'linstor, disk: resource vm-100-disk-1'],
    ['linstor_ssd', 'database_00001', [], 'linstor, disk: resource database'],
    ['linstor_ssd', 'database_00001_before', [], 'linstor, snapshot: snapshot before of resource database'],
    ['cinder-volumes', `volume-${anId}`, [], `cinder, disk: volume ${anId}`],
    ['vg', `_snapshot-${anId}`, [], `cinder, snapshot: snapshot ${anId} of a volume`],
  ] as const)('%s/%s', (vg, name, others, expected) => {
    expect(told(useIn(vg, name, others))).toBe(expected);
  });

  it.each([
    // No guest has a number below 100.
    ['vg', 'vm-5-disk-0', []],
    ['vg', 'vm-web-root', []],
    ['vg', 'containers_data', []],
    ['vg', 'images_2023', []],
    ['vg', 'data_00001', []],
    ['vg', `volume-${anId}`, []],
    // TopoLVM's names, and those of others.
    ['vg', anId, []],
    ['vg', 'vm-100-data', []],
    ['vg', 'root', []],
    // A number of Proxmox VE beside volumes of another.
    ['qubes_dom0', 'vm-100-disk-0', [lv('qubes_dom0', 'vm-work-private')]],
    ['vg', 'vm-100-disk-0', [lv('vg', 'vm-work-private-snap')]],
  ] as const)('is not claimed for %s/%s', (vg, name, others) => {
    expect(useIn(vg, name, others)).toBeUndefined();
  });

  it('is proved by device-mapper too, where LVM cannot be read', () => {
    const device = (name: string, layer = ''): DmDevice => ({
      name,
      uuid: `${uuid}${layer}`,
      device: '253:9',
      suspended: false,
      live: true,
    });
    const devices = [device('vg-IncusThinPool-tpool', '-tpool'), device('vg-containers_a')];
    expect(
      told(createVolumeUses()(makeFacts({ devices }))({ name: 'vg-containers_a', uuid }, undefined)),
    ).toBe('incus, disk: container a');
  });
});

describe('the use of a device without LVM', () => {
  it.each([
    ['devpool-snap-17', 'devpool', 'containerd, snapshot: snapshot 17'],
    ['devpool-snap-17', 'another', undefined],
    [`docker-253:1-77-${'ab12'.repeat(16)}`, 'docker-253:1-77-pool', 'docker, layer: layer ab12ab12ab12'],
    [`container-253:1-77-${'ab12'.repeat(16)}`, 'p', 'containers-storage, layer: layer ab12ab12ab12'],
    [
      `stratis-1-${'1'.repeat(32)}-thin-fs-${'2'.repeat(32)}`,
      'p',
      `stratis, disk: file system ${'2'.repeat(32)}`,
    ],
    ['vg-vm--100--disk--0', 'p', undefined],
  ])('%s in %s', (name, pool, expected) => {
    expect(told(useOfDevice(name, pool))).toBe(expected);
  });
});

describe('names from files', () => {
  const guest: NameRecord = { from: 'proxmox', id: '100', name: 'web-01' };

  it('are those of the guests', () => {
    expect(told(useIn('pve', 'vm-100-disk-0', [], [guest]))).toBe('proxmox, disk: guest 100 (web-01)');
    expect(told(useIn('pve', 'vm-101-disk-0', [], [guest]))).toBe('proxmox, disk: guest 101');
  });

  it('prove that names are those of Proxmox VE', () => {
    expect(told(useIn('vg', 'vm-100-data', [], [guest]))).toBe('proxmox, disk: guest 100 (web-01)');
  });

  it('are those of a domain, unless the volume is proved to be of another', () => {
    const disk = (name: string): NameRecord => ({
      from: 'libvirt',
      dmName: joinLvmName('vg', name),
      domain: 'mail',
    });
    expect(told(useIn('vg', 'mail-root', [], [disk('mail-root')]))).toBe('libvirt, disk: domain mail');
    expect(told(useIn('vg', 'vm-100-disk-0', [], [disk('vm-100-disk-0')]))).toBe(
      'libvirt, disk: domain mail',
    );
    expect(told(useIn('vg', 'vm-100-disk-0', [], [guest, disk('vm-100-disk-0')]))).toBe(
      'proxmox, disk: guest 100 (web-01)',
    );
  });

  const file = '/var/lib/kubelet/pods/x/vol_data.json';
  const mount = (more: object = {}): NameRecord => ({
    from: 'kubelet',
    dmName: joinLvmName('vg', anId),
    persistentVolume: 'pvc-1',
    pod: 'pod-1',
    file,
    ...more,
  });

  it('are those of a persistent volume and, by its driver, of its owner', () => {
    const csi: NameRecord = { from: 'csi', file, driver: 'topolvm.io' };
    expect(useIn('vg', anId, [], [mount()])).toMatchObject({
      owner: 'kubernetes',
      id: 'pvc-1',
      pod: 'pod-1',
    });
    expect(useIn('vg', anId, [], [mount(), csi])).toMatchObject({ owner: 'topolvm', id: 'pvc-1' });
    const name = `pvc-${anId}`;
    const own = { ...mount(), dmName: joinLvmName('vg', name), persistentVolume: name } as NameRecord;
    const openebs: NameRecord = { ...csi, driver: 'local.csi.openebs.io' };
    expect(told(useIn('vg', name, [], [own, openebs]))).toBe(`openebs, disk: PV pvc-${anId}`);
  });

  it('are not those of a volume that is inline in a pod', () => {
    const inline = mount({ persistentVolume: 'scratch', mayBeInline: true });
    const csi = { from: 'csi', file, driver: 'topolvm.io' } as const;
    expect(useIn('vg', anId, [], [inline])).toBeUndefined();
    expect(useIn('vg', anId, [], [inline, csi])).toBeUndefined();
    expect(useIn('vg', anId, [], [inline, { ...csi, persistent: true }])).toMatchObject({ id: 'scratch' });
  });

  it('are, of several mounts, those of the pod', () => {
    const { pod, ...global } = mount() as { pod: string } & NameRecord;
    for (const records of [
      [mount(), global],
      [global, mount()],
    ] as NameRecord[][])
      expect(useIn('vg', anId, [], records)?.pod).toBe(pod);
  });

  it('are those of a file system of Stratis', () => {
    const dmName = `stratis-1-${'1'.repeat(32)}-thin-fs-${'2'.repeat(32)}`;
    const facts = makeFacts({
      nameRecords: [{ from: 'stratis', dmName, pool: 'p1', fileSystem: 'home' }],
    });
    expect(told(createVolumeUses()(facts)({ name: dmName }, 'p'))).toBe('stratis, disk: file system p1/home');
  });

  it('are those of containers', () => {
    const user = { dmName: 'docker-0:30-25-ca', kind: 'docker-container', name: 'web' } as const;
    expect(told(createVolumeUses()(makeFacts({ deviceUsers: [user] }))({ name: user.dmName }, 'p'))).toBe(
      'docker, disk: container web',
    );
  });
});

describe('the function that finds uses', () => {
  it('stays the same while nothing that it depends on changes', () => {
    const uses = createVolumeUses();
    const nameRecords: NameRecord[] = [];
    const facts = makeFacts({ logicalVolumes: [lv('pve', 'vm-100-disk-0')], nameRecords });
    const first = uses(facts);
    const device = { name: 'pve-vm--100--disk--0', uuid };
    const use = first(device, undefined);
    // LVM was read again: figures of volumes have changed, and nothing that proves anything.
    const again = uses({ ...facts, logicalVolumes: [{ ...lv('pve', 'vm-100-disk-0'), dataPercent: 3 }] });
    expect(again).toBe(first);
    expect(again(device, undefined)).toBe(use);
    expect(uses({ ...facts, nameRecords: [{ from: 'proxmox', id: '100' }] })).not.toBe(first);
  });
});
