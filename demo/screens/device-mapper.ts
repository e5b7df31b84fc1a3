import {
  type DemoHost,
  type DemoPool,
  type DemoPoolLv,
  type DemoSegment,
  type DemoVolume,
  extentBytes,
  extentsIn,
} from '../host.ts';
import { dmUuid } from './identity.ts';

/** A device as dmsetup reports it, without the name. A linear device has a line for each of its segments. */
export interface DmScreen {
  readonly name: string;
  readonly uuid: string;
  readonly minor: number;
  readonly attr: 'L--w' | 'L--r';
  readonly open: number;
  readonly events: number;
  readonly table: readonly string[];
  readonly status: readonly string[];
}

/** Sorted by name, as dmsetup does. */
export function deviceScreens(host: DemoHost): readonly DmScreen[] {
  const screens = host.pools.flatMap((pool) => [
    poolScreen(pool),
    ...(pool.lvm === undefined ? [] : componentScreens(pool, pool.lvm)),
    ...pool.volumes.flatMap((volume) => volumeScreen(pool, volume)),
  ]);
  const others = host.groups.flatMap(({ name: vg, linear = [] }) =>
    linear.map(({ lv, minor, segments }) =>
      linearScreen({ name: `${vg}-${lv}`, uuid: dmUuid(vg, lv, ''), minor, targets: segments.map(targetOf) }),
    ),
  );
  return [...screens, ...others].sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Lines and trailing spaces as in kernel dm-thin.c, pool_status, target 1.20 and later. */
function poolScreen(pool: DemoPool): DmScreen {
  const { lvm, features } = pool;
  const length = pool.totalBlocks * pool.blockSectors;
  const status = [
    pool.transactionId,
    `${pool.metadataUsed}/${pool.metadataTotal}`,
    `${pool.usedBlocks}/${pool.totalBlocks}`,
    '-',
    pool.mode,
    'no_discard_passdown',
    `${pool.noSpace}_if_no_space`,
    '-',
    Math.min(1024, Math.floor(pool.metadataTotal / 4)),
  ];
  const place = `${pool.metadataDevice} ${pool.dataDevice} ${pool.blockSectors} ${pool.lowWaterBlocks}`;
  const table = [place, features.length, ...features].join(' ');
  return {
    name: pool.dmName,
    uuid: lvm === undefined ? '' : dmUuid(lvm.vg, lvm.lv, '-tpool'),
    minor: pool.minor,
    attr: 'L--w',
    open: pool.volumes.filter(({ minor }) => minor !== undefined).length + (lvm?.wrapperMinor ? 1 : 0),
    events: pool.events,
    table: [`0 ${length} thin-pool ${table} `],
    status: [`0 ${length} thin-pool ${status.join(' ')} `],
  };
}

/** LVM's devices below a pool, and the one above it with its public name (lvm2 dev_manager.c). */
function componentScreens(pool: DemoPool, lvm: DemoPoolLv): DmScreen[] {
  const { vg, lv, wrapperMinor } = lvm;
  const onDisk = (minor: number, part: string, segments: readonly DemoSegment[]) =>
    linearScreen({
      name: `${vg}-${lv}_${part}`,
      uuid: dmUuid(vg, `${lv}_${part}`, `-${part}`),
      minor,
      targets: segments.map(targetOf),
    });
  const parts = [onDisk(pool.minor - 2, 'tmeta', lvm.metadata), onDisk(pool.minor - 1, 'tdata', lvm.data)];
  if (wrapperMinor === undefined) return parts;
  const wrapper = linearScreen({
    name: `${vg}-${lv}`,
    uuid: dmUuid(vg, lv, '-pool'),
    minor: wrapperMinor,
    targets: [{ sectors: extentsIn(lvm.data) * sectorsPerExtent, on: `254:${pool.minor} 0` }],
  });
  return [...parts, { ...wrapper, attr: 'L--r', open: 0 }];
}

const sectorsPerExtent = extentBytes / 512;
/** LVM's metadata areas take the first MiB of a PV. */
const firstSector = 2048;

interface LinearTarget {
  readonly sectors: number;
  /** Device and start sector. */
  readonly on: string;
}

function targetOf({ pv, from, extents }: DemoSegment): LinearTarget {
  return { sectors: extents * sectorsPerExtent, on: `${pv.device} ${firstSector + from * sectorsPerExtent}` };
}

function linearScreen({
  targets,
  ...device
}: Pick<DmScreen, 'name' | 'uuid' | 'minor'> & { readonly targets: readonly LinearTarget[] }): DmScreen {
  let start = 0;
  const lines = targets.map(({ sectors, on }) => {
    const range = `${start} ${sectors} linear `;
    start += sectors;
    return { table: `${range}${on}`, status: range };
  });
  return {
    ...device,
    attr: 'L--w',
    open: 1,
    events: 0,
    table: lines.map(({ table }) => table),
    status: lines.map(({ status }) => status),
  };
}

function volumeScreen(pool: DemoPool, volume: DemoVolume): DmScreen[] {
  const { dmName, minor, deviceId, sectors, mappedSectors, lv } = volume;
  if (minor === undefined) return [];
  const mapped = mappedSectors === 0 ? '0 -' : `${mappedSectors} ${mappedSectors - 1}`;
  return [
    {
      name: dmName,
      uuid: lv === undefined || pool.lvm === undefined ? '' : dmUuid(pool.lvm.vg, lv, ''),
      minor,
      attr: 'L--w',
      open: 1,
      events: 0,
      table: [`0 ${sectors} thin 254:${pool.minor} ${deviceId}`],
      status: [`0 ${sectors} thin ${mapped}`],
    },
  ];
}
