import type {
  CsiAttachment,
  DeviceUser,
  DmDevice,
  Facts,
  KubeletMount,
  LogicalVolume,
  NameRecord,
} from '../model/facts.ts';
import { parseLvmUuid, splitLvmName } from '../model/names.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { VolumeOwner, VolumeUse } from '../model/pool.ts';
import { csiDrivers, type NamingScheme, namingSchemes, vgProofs } from './naming-schemes.ts';

/** Whose volume a device is, in the pool device with this dm name; undefined if that is not clear. */
export type UseVolume = (
  device: Pick<DmDevice, 'name' | 'uuid'>,
  poolName: string | undefined,
) => VolumeUse | undefined;

type UseFacts = Pick<Facts, 'devices' | 'logicalVolumes' | 'deviceUsers' | 'nameRecords'>;

/** A name and what its scheme makes of it. */
interface Match {
  readonly scheme: NamingScheme;
  readonly groups: Readonly<Record<string, string | undefined>>;
}

/** Owners that are proved in a VG, by its name. */
type Proofs = ReadonlyMap<string, ReadonlySet<VolumeOwner>>;

/**
 * Names are matched once each, however often the volumes are read. The function that is returned is the same as before
 * unless something changes what it returns.
 */
export function createVolumeUses(): (facts: UseFacts) => UseVolume {
  const match = createMatcher();
  let last: Last | undefined;
  return (facts) => {
    const before = last;
    if (before !== undefined && isSame(before.facts, facts)) return before.use;
    const active = before?.facts.devices === facts.devices ? before.active : namedLvs(facts.devices);
    const proofs = findProofs(facts, active, match);
    const key = JSON.stringify([...proofs].map(([vg, owners]) => [vg, [...owners].sort()]).sort());
    const isKept =
      before !== undefined &&
      before.key === key &&
      before.facts.deviceUsers === facts.deviceUsers &&
      before.facts.nameRecords === facts.nameRecords;
    const use = isKept ? before.use : createUse(facts, proofs, match);
    last = { facts, active, key, use };
    return use;
  };
}

interface Last {
  readonly facts: UseFacts;
  /** Of `facts.devices`. */
  readonly active: readonly NamedLv[];
  readonly key: string;
  readonly use: UseVolume;
}

function isSame(one: UseFacts, other: UseFacts): boolean {
  return (
    one.devices === other.devices &&
    one.logicalVolumes === other.logicalVolumes &&
    one.deviceUsers === other.deviceUsers &&
    one.nameRecords === other.nameRecords
  );
}

type Matcher = (of: NamingScheme['of'], name: string) => Match | undefined;

/** Names that are gone are forgotten now and then, all at once. */
const namesMax = 50_000;

function createMatcher(): Matcher {
  const matched = { lv: new Map<string, Match | undefined>(), device: new Map<string, Match | undefined>() };
  return (of, name) => {
    const known = matched[of];
    const before = known.get(name);
    if (before !== undefined || known.has(name)) return before;
    if (known.size >= namesMax) known.clear();
    const match = matchName(of, name);
    known.set(name, match);
    return match;
  };
}

function matchName(of: NamingScheme['of'], name: string): Match | undefined {
  for (const scheme of namingSchemes) {
    const groups = scheme.of === of ? scheme.pattern.exec(name)?.groups : undefined;
    if (groups !== undefined) return { scheme, groups };
  }
  return undefined;
}

type NamedLv = Pick<LogicalVolume, 'vgName' | 'lvName' | 'role'>;

function findProofs(
  { logicalVolumes, nameRecords }: UseFacts,
  active: readonly NamedLv[],
  match: Matcher,
): Proofs {
  const proofs = new Map<string, Set<VolumeOwner>>();
  const isProxmox = nameRecords.some(({ from }) => from === 'proxmox');
  for (const list of [logicalVolumes, active])
    for (const { vgName, lvName, role } of list) {
      let owners = proofs.get(vgName);
      if (owners === undefined) {
        owners = new Set(vgProofs.filter(({ vg }) => vg?.test(vgName)).map(({ owner }) => owner));
        if (isProxmox) owners.add('proxmox');
        proofs.set(vgName, owners);
      }
      if (role === 'pool')
        for (const { owner, pool } of vgProofs) if (pool?.test(lvName) === true) owners.add(owner);
      const found = role === 'volume' ? match('lv', lvName) : undefined;
      if (found?.scheme.certainty === 'sure') owners.add(found.scheme.owner);
    }
  return proofs;
}

/** LVs as device-mapper has them: LVM cannot always be read. */
function namedLvs(devices: readonly DmDevice[]): readonly NamedLv[] {
  return devices.flatMap(({ name, uuid }) => {
    const layer = uuid === undefined ? undefined : parseLvmUuid(uuid);
    const parts = layer && splitLvmName(name);
    if (parts === undefined) return [];
    const role = layer?.layer === undefined ? 'volume' : layer.layer === 'tpool' ? 'pool' : 'other';
    return [{ vgName: parts.vgName, lvName: parts.lvName, role }];
  });
}

interface Known {
  readonly proofs: Proofs;
  readonly match: Matcher;
  readonly guests: ReadonlyMap<string, string>;
  readonly users: ReadonlyMap<string, DeviceUser>;
  /** By dm name. */
  readonly records: ReadonlyMap<string, Extract<NameRecord, { readonly dmName: string }>>;
  /** What the kubelet's own records say, by their paths. */
  readonly attachments: ReadonlyMap<string, CsiAttachment>;
}

function createUse({ deviceUsers, nameRecords }: UseFacts, proofs: Proofs, match: Matcher): UseVolume {
  const known: Known = {
    proofs,
    match,
    users: new Map(deviceUsers.map((user) => [user.dmName, user])),
    guests: new Map(
      nameRecords.flatMap((one) =>
        one.from === 'proxmox' && one.name !== undefined ? [[one.id, one.name]] : [],
      ),
    ),
    records: indexRecords(nameRecords),
    attachments: new Map(nameRecords.flatMap((one) => (one.from === 'csi' ? [[one.file, one]] : []))),
  };
  const uses = new Map<string, Named & { readonly use: VolumeUse | undefined }>();
  return ({ name, uuid }, poolName) => {
    const old = uses.get(name);
    if (old !== undefined && old.uuid === uuid && old.poolName === poolName) return old.use;
    if (uses.size >= namesMax) uses.clear();
    const named = { name, uuid, poolName };
    const use = findUse(named, known);
    uses.set(name, { ...named, use });
    return use;
  };
}

/** Of several mounts of a volume, that of a pod says most. */
function indexRecords(records: readonly NameRecord[]): Known['records'] {
  const index = new Map<string, Extract<NameRecord, { readonly dmName: string }>>();
  for (const one of records) {
    if (!('dmName' in one)) continue;
    const old = index.get(one.dmName);
    if (old?.from === 'kubelet' && old.pod !== undefined) continue;
    index.set(one.dmName, one);
  }
  return index;
}

interface Named {
  readonly name: string;
  readonly uuid: string | undefined;
  readonly poolName: string | undefined;
}

function findUse({ name, uuid, poolName }: Named, known: Known): VolumeUse | undefined {
  const user = known.users.get(name);
  if (user !== undefined) return { owner: 'docker', role: 'disk', consumer: 'container', id: user.name };
  const isLv = uuid !== undefined && parseLvmUuid(uuid) !== undefined;
  const parts = isLv ? splitLvmName(name) : undefined;
  const match = isLv ? parts && known.match('lv', parts.lvName) : known.match('device', name);
  const record = known.records.get(name);
  const own = match && claim(match, known.proofs.get(parts?.vgName ?? '') ?? none, poolName);
  if (record?.from === 'kubelet') return usePersistentVolume(record, own, known);
  if (record?.from === 'stratis')
    return {
      owner: 'stratis',
      role: 'disk',
      consumer: 'file system',
      id: `${record.pool}/${record.fileSystem}`,
    };
  if (record?.from === 'libvirt' && own?.isProved !== true)
    return { owner: 'libvirt', role: 'disk', consumer: 'domain', id: record.domain };
  if (own === undefined) return undefined;
  const guest = own.use.owner === 'proxmox' ? known.guests.get(own.use.id) : undefined;
  return guest === undefined ? own.use : { ...own.use, name: guest };
}

const none: ReadonlySet<VolumeOwner> = new Set();

/** What the match shows; undefined if it could as well be another's. */
function claim(
  { scheme, groups }: Match,
  proofs: ReadonlySet<VolumeOwner>,
  poolName: string | undefined,
): { readonly use: VolumeUse; readonly isProved: boolean } | undefined {
  if (groups['pool'] !== undefined && groups['pool'] !== poolName) return undefined;
  const family: readonly VolumeOwner[] =
    scheme.owner === 'incus-or-lxd' ? ['incus', 'lxd', 'incus-or-lxd'] : [scheme.owner];
  const proved = family.filter((owner) => proofs.has(owner));
  const { certainty } = scheme;
  const isProved = certainty === 'sure' || proved.length > 0;
  if (!isProved && (certainty === 'unclear' || proofs.size > 0)) return undefined;
  const [first = scheme.owner, ...others] = proved.filter((owner) => owner !== 'incus-or-lxd');
  return { use: readGroups({ scheme, groups }, others.length === 0 ? first : scheme.owner), isProved };
}

function readGroups({ scheme, groups }: Match, owner: VolumeOwner): VolumeUse {
  const plain = (text: string | undefined) =>
    scheme.doublesHyphens === true ? text?.replaceAll('--', '-') : text;
  const snapshot = plain(groups['snapshot']);
  const project = plain(groups['project']);
  const isCopy = snapshot !== undefined && scheme.role !== 'state';
  return omitUndefined({
    owner,
    role: isCopy ? ('snapshot' as const) : scheme.role,
    consumer: scheme.consumer,
    id: plain(groups['id']) ?? snapshot ?? '',
    project: project === 'default' ? undefined : project,
    snapshot: groups['id'] === undefined ? undefined : snapshot,
  });
}

function usePersistentVolume(
  { persistentVolume, mayBeInline, pod, file }: KubeletMount,
  own: ReturnType<typeof claim>,
  { attachments }: Known,
): VolumeUse | undefined {
  const csi = attachments.get(file);
  const isKnown = mayBeInline !== true || csi?.persistent === true;
  const id = (isKnown ? persistentVolume : undefined) ?? own?.use.id;
  if (id === undefined) return undefined;
  const owner = csiDrivers[csi?.driver ?? ''] ?? own?.use.owner ?? 'kubernetes';
  return omitUndefined({ owner, role: 'disk' as const, consumer: 'PV', id, pod });
}
