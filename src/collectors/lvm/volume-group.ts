import type { PhysicalVolume, VolumeGroup } from '../../model/facts.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { ParseError } from '../shared/errors.ts';
import { parseSize, readWhole } from '../shared/number.ts';
import { type Partly, readEach } from '../shared/partly.ts';
import { readAutoactivation } from './autoactivation.ts';
import type { ReportRow } from './report-row.ts';

/** The VGs of a `vgs` report. With pv_name it has one row per PV, each with the sizes of the whole VG. */
export function readVolumeGroups(rows: readonly ReportRow[]): Partly<VolumeGroup> {
  const byIdentity = new Map<string, ReportRow[]>();
  for (const row of rows) {
    const identity = `${row['vg_uuid'] ?? ''} ${row['vg_name'] ?? ''}`;
    byIdentity.set(identity, [...(byIdentity.get(identity) ?? []), row]);
  }
  return readEach([...byIdentity.values()], readVolumeGroup);
}

function readVolumeGroup(rows: readonly ReportRow[]): VolumeGroup {
  const [first = {}] = rows;
  const pvNames = rows.map((row) => row['pv_name'] ?? '').filter((name) => name !== '');
  return {
    vgName: readName(first),
    ...readSizes(first),
    extentBytes: readExtentSize(first),
    pvNames: [...new Set(pvNames.filter((name) => !isMissing(name)))],
    ...omitUndefined({
      vgUuid: readUuid(first),
      pvCount: readWhole(first['pv_count']),
      missingPvCount: missingPvs(first, pvNames),
      readOnly: first['vg_attr']?.startsWith('r') || undefined,
      exported: first['vg_attr']?.[2] === 'x' || undefined,
      partial: first['vg_attr']?.[3] === 'p' || undefined,
      shared: isShared(first['vg_attr']),
      autoactivated: readAutoactivation([first['vg_autoactivation'], first['autoactivation']]),
      pvs: readPvs(rows),
    }),
  };
}

/** The sixth letter: `s` shared through lvmlockd, `c` clustered by clvmd, which went in 2.03 (man vgs, vg_attr). */
function isShared(attributes: string | undefined): true | undefined {
  return attributes?.[5] === 's' || attributes?.[5] === 'c' ? true : undefined;
}

/** Absent if not every PV reports what it has: a part of the room would be a wrong number. */
function readPvs(rows: readonly ReportRow[]): readonly PhysicalVolume[] | undefined {
  const pvs = rows.map(readPv).filter((pv) => pv !== undefined);
  return pvs.length === rows.length ? pvs : undefined;
}

/** pv_attr: `a` allocatable (`u` is used and not), then `x` exported, `m` missing (man pvs). */
function readPv(row: ReportRow): PhysicalVolume | undefined {
  const { pv_name: name = '', pv_attr: attr = '', pv_free: free = '' } = row;
  if (!/^[adu-][x-][m-]?$/.test(attr) || free === '') return undefined;
  return {
    name,
    freeBytes: parseSize(free, 'pv_free in bytes', JSON.stringify(row)),
    allocatable: attr.startsWith('a'),
    missing: attr[2] === 'm' || isMissing(name),
  };
}

/** LVM's name for a PV with a missing device; two words with report/two_word_unknown_device. */
function isMissing(pvName: string): boolean {
  return pvName === '[unknown]' || pvName === 'unknown device';
}

/** Without the field, the fourth letter of vg_attr shows whether any is missing, and the rows show how many. */
function missingPvs(row: ReportRow, pvNames: readonly string[]): number | undefined {
  if (row['vg_missing_pv_count'] !== undefined) return readWhole(row['vg_missing_pv_count']);
  const partial = row['vg_attr']?.[3];
  if (partial === '-') return 0;
  const missing = pvNames.filter(isMissing).length;
  return partial === 'p' && missing > 0 ? missing : undefined;
}

function readName(row: ReportRow): string {
  const name = row['vg_name'];
  if (name === undefined || name === '') throw new ParseError('a vg_name', JSON.stringify(row));
  return name;
}

function readSizes(row: ReportRow): Pick<VolumeGroup, 'sizeBytes' | 'freeBytes'> {
  const sizeBytes = readBytes(row, 'vg_size');
  const freeBytes = readBytes(row, 'vg_free');
  if (freeBytes > sizeBytes) throw new ParseError('vg_free of at most vg_size', JSON.stringify(row));
  return { sizeBytes, freeBytes };
}

function readBytes(row: ReportRow, field: string): number {
  return parseSize(row[field], `${field} in bytes`, JSON.stringify(row));
}

function readExtentSize(row: ReportRow): number {
  const bytes = readBytes(row, 'vg_extent_size');
  if (bytes === 0) throw new ParseError('vg_extent_size above 0', JSON.stringify(row));
  return bytes;
}

function readUuid(row: ReportRow): string | undefined {
  const uuid = row['vg_uuid']?.replaceAll('-', '') ?? '';
  if (uuid === '') return undefined;
  if (!/^[A-Za-z0-9]{32}$/.test(uuid))
    throw new ParseError('vg_uuid of 32 letters and digits', JSON.stringify(row));
  return uuid;
}
