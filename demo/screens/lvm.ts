import {
  type DemoGroup,
  type DemoHost,
  type DemoPool,
  type DemoPoolLv,
  type DemoVolume,
  extentBytes,
  extentsIn,
  freeExtents,
} from '../host.ts';
import { lvmUuid } from './identity.ts';

/** Values by LVM's field names, as LVM prints them with `--units b --nosuffix`. Empty where it prints nothing. */
export type LvmRow = Readonly<Record<string, string | number>>;

const blank = {
  lv_metadata_size: '',
  chunk_size: 0,
  data_percent: '',
  metadata_percent: '',
  lv_health_status: '',
  lv_check_needed: 'unknown',
  lv_when_full: '',
  lv_profile: '',
  vg_profile: '',
  pool_lv: '',
  origin: '',
  thin_count: '',
  transaction_id: '',
  thin_id: '',
  kernel_discards: '',
  seg_monitor: '',
};

/** The rows of `lvs -a`. */
export function volumeRows(host: DemoHost): readonly LvmRow[] {
  const pools = host.pools.flatMap((pool) =>
    pool.lvm === undefined ? [] : [...poolRows(pool, pool.lvm), ...thinRows(pool, pool.lvm)],
  );
  const spares = host.groups.map(({ name, spare }) =>
    lvRow(
      name,
      'lvol0_pmspare',
      { lv_attr: 'ewi-------', lv_size: extentsIn(spare) * extentBytes },
      'hidden',
    ),
  );
  const others = host.groups.flatMap(({ name, linear = [] }) =>
    linear.map(({ lv, segments }) =>
      lvRow(name, lv, { lv_attr: '-wi-ao----', lv_size: extentsIn(segments) * extentBytes }),
    ),
  );
  return [...others, ...pools, ...spares];
}

function lvRow(vg: string, lv: string, fields: LvmRow, seen: 'shown' | 'hidden' = 'shown'): LvmRow {
  return {
    ...blank,
    vg_name: vg,
    vg_uuid: lvmUuid(vg),
    lv_name: seen === 'hidden' ? `[${lv}]` : lv,
    lv_uuid: lvmUuid(`${vg}/${lv}`),
    ...fields,
  };
}

function poolRows(pool: DemoPool, lvm: DemoPoolLv): LvmRow[] {
  const sizes = { data: extentsIn(lvm.data) * extentBytes, metadata: extentsIn(lvm.metadata) * extentBytes };
  const health = healthOf(pool);
  return [
    lvRow(lvm.vg, lvm.lv, {
      lv_attr: `twi-aot${lvm.zeroing ? 'z' : '-'}${health.letter}-`,
      lv_size: sizes.data,
      lv_metadata_size: sizes.metadata,
      chunk_size: pool.blockSectors * 512,
      data_percent: percent(pool.usedBlocks, pool.totalBlocks),
      metadata_percent: percent(pool.metadataUsed, pool.metadataTotal),
      lv_health_status: health.word,
      lv_check_needed: '',
      lv_when_full: 'queue',
      lv_profile: lvm.profile,
      thin_count: pool.volumes.filter(({ lv }) => lv !== undefined).length,
      transaction_id: pool.transactionId,
      kernel_discards: 'nopassdown',
      seg_monitor: 'monitored',
    }),
    lvRow(lvm.vg, `${lvm.lv}_tdata`, { lv_attr: 'Twi-ao----', lv_size: sizes.data }, 'hidden'),
    lvRow(lvm.vg, `${lvm.lv}_tmeta`, { lv_attr: 'ewi-ao----', lv_size: sizes.metadata }, 'hidden'),
  ];
}

/** Ninth letter of lv_attr, and lv_health_status (man lvs). */
function healthOf({ mode }: DemoPool): { letter: string; word: string } {
  if (mode === 'out_of_data_space') return { letter: 'D', word: 'out_of_data' };
  return mode === 'ro' ? { letter: 'M', word: 'metadata_read_only' } : { letter: '-', word: '' };
}

function thinRows(pool: DemoPool, { vg, lv: poolLv }: DemoPoolLv): LvmRow[] {
  return pool.volumes.flatMap((volume) => (volume.lv === undefined ? [] : [thinRow(volume, volume.lv)]));

  function thinRow({ minor, sectors, mappedSectors, origin, deviceId }: DemoVolume, lv: string): LvmRow {
    const isActive = minor !== undefined;
    return lvRow(vg, lv, {
      lv_attr: isActive ? 'Vwi-aotz--' : 'Vwi---tz-k',
      lv_size: sectors * 512,
      data_percent: isActive ? percent(mappedSectors, sectors) : '',
      pool_lv: poolLv,
      origin: origin ?? '',
      transaction_id: deviceId - 1,
      thin_id: deviceId,
    });
  }
}

/** 100.00 only if exactly full, 0.00 only if empty (libdm since 2017). */
function percent(used: number, total: number): string {
  if (used === total) return '100.00';
  const bounded = Math.min(99.99, (100 * used) / total);
  return (used === 0 ? 0 : Math.max(0.01, bounded)).toFixed(2);
}

/** The rows of `vgs`: one for each PV, because the exporter requests pv_name. */
export function groupRows(host: DemoHost): readonly LvmRow[] {
  return host.groups.flatMap((group) => groupRowsOf(host, group));
}

function groupRowsOf(host: DemoHost, group: DemoGroup): LvmRow[] {
  const { name, pvs } = group;
  const free = pvs.map((pv) => freeExtents(host, group, pv));
  const allFree = free.reduce((sum, extents) => sum + extents, 0);
  return pvs.map((pv, at) => ({
    vg_name: name,
    vg_uuid: lvmUuid(name),
    vg_attr: 'wz--n-',
    vg_size: extentsIn(pvs) * extentBytes,
    vg_free: allFree * extentBytes,
    vg_extent_size: extentBytes,
    vg_free_count: allFree,
    pv_count: pvs.length,
    vg_missing_pv_count: 0,
    pv_name: pv.name,
    pv_attr: 'a--',
    pv_free: (free[at] ?? 0) * extentBytes,
  }));
}

const extending = { thin_pool_autoextend_threshold: 80, thin_pool_autoextend_percent: 20, monitoring: 1 };

/** The output of `lvmconfig --type full` for lvm.conf (autoextend off, LVM's default) and for each metadata profile. */
export const policies: Readonly<Record<string, Readonly<Record<string, number | string>>>> = {
  'lvm.conf': {
    ...extending,
    thin_pool_autoextend_threshold: 100,
    thin_check_executable: '"/usr/sbin/thin_check"',
    thin_repair_executable: '"/usr/sbin/thin_repair"',
    thin_check_options: '["-q","--clear-needs-check-flag"]',
  },
  'docker-thinpool': extending,
  vms: extending,
};
