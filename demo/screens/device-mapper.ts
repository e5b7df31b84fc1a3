import { type DemoHost, type DemoPool, type DemoPoolLv, type DemoVolume, extentBytes } from '../host.ts';
import { dmUuid } from './identity.ts';

/** A device as dmsetup reports it. `status` is the output with `--noflush`, without the name. */
export interface DmScreen {
  readonly name: string;
  readonly uuid: string;
  readonly minor: number;
  readonly attr: 'L--w' | 'L--r';
  readonly open: number;
  readonly events: number;
  readonly table: string;
  readonly status: string;
}

/** Sorted by name, as dmsetup does. */
export function deviceScreens(host: DemoHost): readonly DmScreen[] {
  const screens = host.pools.flatMap((pool) => [
    poolScreen(pool),
    ...(pool.lvm === undefined ? [] : componentScreens(pool, pool.lvm)),
    ...pool.volumes.flatMap((volume) => volumeScreen(pool, volume)),
  ]);
  return screens.sort((one, other) => (one.name < other.name ? -1 : 1));
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
    table: `0 ${length} thin-pool ${table} `,
    status: `0 ${length} thin-pool ${status.join(' ')} `,
  };
}

/** LVM's devices below a pool, and the one above it with its public name (lvm2 dev_manager.c). */
function componentScreens(pool: DemoPool, lvm: DemoPoolLv): DmScreen[] {
  const { vg, lv, pvDevice, wrapperMinor } = lvm;
  const dataSectors = (lvm.dataExtents * extentBytes) / 512;
  const metadataSectors = (lvm.metadataExtents * extentBytes) / 512;
  const onDisk = (minor: number, part: string, sectors: number, from: number) =>
    linearScreen(`${vg}-${lv}_${part}`, dmUuid(vg, `${lv}_${part}`, `-${part}`), minor, {
      sectors,
      on: `${pvDevice} ${from}`,
    });
  const parts = [
    onDisk(pool.minor - 2, 'tmeta', metadataSectors, 2048 + dataSectors),
    onDisk(pool.minor - 1, 'tdata', dataSectors, 2048),
  ];
  if (wrapperMinor === undefined) return parts;
  const above = { sectors: dataSectors, on: `254:${pool.minor} 0` };
  const wrapper = linearScreen(`${vg}-${lv}`, dmUuid(vg, lv, '-pool'), wrapperMinor, above);
  return [...parts, { ...wrapper, attr: 'L--r', open: 0 }];
}

function linearScreen(
  name: string,
  uuid: string,
  minor: number,
  { sectors, on }: { sectors: number; on: string },
): DmScreen {
  const table = `0 ${sectors} linear ${on}`;
  return { name, uuid, minor, attr: 'L--w', open: 1, events: 0, table, status: `0 ${sectors} linear ` };
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
      table: `0 ${sectors} thin 254:${pool.minor} ${deviceId}`,
      status: `0 ${sectors} thin ${mapped}`,
    },
  ];
}
