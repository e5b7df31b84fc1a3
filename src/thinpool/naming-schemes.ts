import type { VolumeOwner, VolumeRole } from '../model/pool.ts';

/**
 * How sure a name alone is. `sure`: no other program and hardly a person gives such names. `likely`: as long as nothing in
 * the VG is another program's. `unclear`: a person may have chosen it, so it counts only beside proof of the same owner.
 */
type Certainty = 'sure' | 'likely' | 'unclear';

/** A row: who gives such names, what to, and what the groups of the pattern are (as the fields of `VolumeUse`). */
export interface NamingScheme {
  readonly owner: VolumeOwner;
  readonly role: VolumeRole;
  readonly consumer: string;
  readonly certainty: Certainty;
  /** Matched with the name of an LV or, where LVM does not manage the volume, of the device. */
  readonly of: 'lv' | 'device';
  readonly pattern: RegExp;
  /** Hyphens are doubled within the groups. */
  readonly doublesHyphens?: true;
}

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** Guests are numbered from 100 (pve-common src/PVE/JSONSchema.pm, pve-vmid). */
const guest = '(?<id>[1-9][0-9]{2,8})';

/** pve-storage src/PVE/Storage/LvmThinPlugin.pm; qemu-server's and pve-container's names of disks. */
const proxmox: readonly NamingScheme[] = (
  [
    ['disk', 'guest', 'likely', `^vm-${guest}-disk-[0-9]+$`],
    ['template', 'template', 'likely', `^base-${guest}-disk-[0-9]+$`],
    ['snapshot', 'guest', 'sure', `^snap_(?:vm|base)-${guest}-[^_]+_(?<snapshot>.+)$`],
    ['state', 'guest', 'likely', `^vm-${guest}-state-(?<snapshot>.+)$`],
    ['cloud-init', 'guest', 'likely', `^vm-${guest}-cloudinit$`],
    ['fleecing', 'guest', 'sure', `^vm-${guest}-fleece-[0-9]+$`],
    ['disk', 'guest', 'unclear', `^vm-${guest}-[^_]+$`],
  ] as const
).map(([role, consumer, certainty, pattern]) => ({
  owner: 'proxmox',
  role,
  consumer,
  certainty,
  of: 'lv',
  pattern: new RegExp(pattern),
}));

/** A name whose hyphens are doubled: a single one ends it. */
const escaped = '(?:[^-_]|--)+';
const project = `(?:(?<project>${escaped})_)?`;
const snapshotSuffix = '(?:-(?!-)(?<snapshot>.+?))?';

/** incus internal/server/storage/drivers/driver_lvm_utils.go, lvmFullVolumeName; lxd has the same. Names of projects have no underscore. */
const incus: readonly NamingScheme[] = (
  [
    ['disk', 'container', 'unclear', `^containers_${project}(?<id>${escaped})${snapshotSuffix}$`],
    [
      'disk',
      'virtual machine',
      'unclear',
      `^virtual-machines_${project}(?<id>${escaped})${snapshotSuffix}\\.block$`,
    ],
    [
      'config',
      'virtual machine',
      'unclear',
      `^virtual-machines_${project}(?<id>${escaped})${snapshotSuffix}$`,
    ],
    [
      'disk',
      'custom volume',
      'unclear',
      `^custom_(?<project>${escaped})_(?<id>(?:[^-]|--)+?)${snapshotSuffix}(?:\\.block|\\.iso)?$`,
    ],
    ['image', 'image', 'sure', '^images_(?<id>[0-9a-f]{64})(?:_[a-z0-9]+)?(?:\\.block)?$'],
  ] as const
).map(([role, consumer, certainty, pattern]) => ({
  owner: 'incus-or-lxd',
  role,
  consumer,
  certainty,
  of: 'lv',
  pattern: new RegExp(pattern),
  doublesHyphens: true,
}));

/** Begins with a letter, so that no number of a guest of Proxmox is one (qubes-core-admin qubes/vm/__init__.py, validate_name). */
const qube = '(?<id>[A-Za-z][A-Za-z0-9_-]*?)';

/** qubes-core-admin qubes/storage/lvm.py: a running qube writes to the -snap, and earlier revisions are kept as -back. */
const qubes: readonly NamingScheme[] = (['private', 'root', 'volatile'] as const).flatMap((role) => {
  const row = { owner: 'qubes', consumer: 'qube', of: 'lv' } as const;
  const name = `^vm-${qube}-${role}`;
  return [
    {
      ...row,
      role,
      certainty: role === 'volatile' ? 'sure' : 'unclear',
      pattern: new RegExp(`${name}$`),
    } as const,
    { ...row, role, certainty: 'sure', pattern: new RegExp(`${name}-snap$`) } as const,
    { ...row, role: 'import', certainty: 'unclear', pattern: new RegExp(`${name}-import$`) } as const,
    {
      ...row,
      role: 'snapshot',
      certainty: 'sure',
      pattern: new RegExp(`${name}-(?<snapshot>[0-9]{9,11})-back$`),
    } as const,
  ];
});

/**
 * All schemes; the first that matches counts. LINSTOR: linstor-server LvmProvider.java, FORMAT_RSC_TO_LVM_ID; only the names
 * that its drivers for Kubernetes and Proxmox VE give to resources are its alone. Kubernetes: external-provisioner
 * --volume-name-prefix, which several drivers take for the name of the LV (OpenEBS lvm-localpv). Cinder: volume_name_template,
 * snapshot_name_template. Stratis: stratisd engine/strat_engine/names.rs. Docker, Podman: deviceset.go. containerd:
 * snapshots/devmapper/snapshotter.go.
 */
export const namingSchemes: readonly NamingScheme[] = [
  ...(
    [
      ['sure', `^(?<id>pvc-${uuid}|pm-[0-9a-f]{8}|vm-[0-9]+-disk-[0-9]+)_[0-9]{5}(?:_(?<snapshot>.+))?$`],
      ['unclear', '^(?<id>[A-Za-z].*)_[0-9]{5}(?:_(?<snapshot>.+))?$'],
    ] as const
  ).map(
    ([certainty, pattern]) =>
      ({
        owner: 'linstor',
        role: 'disk',
        consumer: 'resource',
        certainty,
        of: 'lv',
        pattern: new RegExp(pattern),
      }) as const,
  ),
  ...proxmox,
  ...incus,
  ...qubes,
  {
    owner: 'kubernetes',
    role: 'disk',
    consumer: 'PV',
    certainty: 'sure',
    of: 'lv',
    pattern: new RegExp(`^(?<id>pvc-${uuid})$`),
  },
  {
    owner: 'cinder',
    role: 'disk',
    consumer: 'volume',
    certainty: 'unclear',
    of: 'lv',
    pattern: new RegExp(`^volume-(?<id>${uuid})$`),
  },
  {
    owner: 'cinder',
    role: 'snapshot',
    consumer: 'volume',
    certainty: 'sure',
    of: 'lv',
    pattern: new RegExp(`^_snapshot-(?<snapshot>${uuid})$`),
  },
  {
    owner: 'stratis',
    role: 'disk',
    consumer: 'file system',
    certainty: 'sure',
    of: 'device',
    pattern: /^stratis-1-[0-9a-f]{32}-thin-fs-(?<id>[0-9a-f]{32})$/,
  },
  {
    owner: 'docker',
    role: 'layer',
    consumer: 'layer',
    certainty: 'sure',
    of: 'device',
    pattern: /^docker-\d+:\d+-\d+-(?<id>[0-9a-f]{64}(?:-init)?)$/,
  },
  {
    owner: 'containers-storage',
    role: 'layer',
    consumer: 'layer',
    certainty: 'sure',
    of: 'device',
    pattern: /^container-\d+:\d+-\d+-(?<id>[0-9a-f]{64}(?:-init)?)$/,
  },
  {
    owner: 'containerd',
    role: 'snapshot',
    consumer: 'snapshot',
    certainty: 'sure',
    of: 'device',
    // Only with the name of its own pool device.
    pattern: /^(?<pool>.+)-snap-(?<id>\d+)$/,
  },
];

/** What a name shows of its VG beyond the volumes' names: names that a program's installer or its defaults give. */
export interface VgProof {
  readonly owner: VolumeOwner;
  readonly vg?: RegExp;
  /** The LV of the pool. */
  readonly pool?: RegExp;
}

export const vgProofs: readonly VgProof[] = [
  { owner: 'qubes', vg: /^qubes_dom0$/ },
  { owner: 'incus', pool: /^IncusThinPool$/ },
  { owner: 'lxd', pool: /^LXDThinPool$/ },
  // `linstor physical-storage create-device-pool` names the VG; drbdpool was the default before.
  { owner: 'linstor', vg: /^(?:linstor_.+|drbdpool)$/ },
  { owner: 'cinder', vg: /^cinder-volumes/ },
  { owner: 'cinder', pool: /^cinder-volumes.*-pool$/ },
];

/** CSI drivers that make thin volumes. */
export const csiDrivers: Readonly<Record<string, VolumeOwner>> = {
  'local.csi.openebs.io': 'openebs',
  'topolvm.io': 'topolvm',
  'topolvm.cybozu.com': 'topolvm',
  'linstor.csi.linbit.com': 'linstor',
};
