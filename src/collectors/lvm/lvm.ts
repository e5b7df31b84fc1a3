import type { Fragment } from '../../model/facts.ts';
import type { Host } from '../../model/host.ts';
import { minuteMs, secondMs } from '../../model/units.ts';
import { canExtend } from '../../thinpool/autoextend.ts';
import { type Choices, defineSource, type Question, type Reading, type Way } from '../collector.ts';
import { parseColumnReport } from './columns.ts';
import { readLogicalVolumes } from './logical-volume.ts';
import { namesOf } from './names.ts';
import { lvm2 } from './needs.ts';
import { columnSeparator, parseJsonReport, parseTextReport, type ReportRow } from './report.ts';
import { type GroupScope, type LvmScope, lvmScope } from './scope.ts';
import { readVolumeGroups } from './volume-group.ts';

const source = 'lvm';

export const lvm = defineSource({
  name: source,
  help: 'Logical volumes and volume groups: monitoring, profiles, health, and free space for autoextension.',
  needs: { tool: 'lvs and vgs', ...lvm2 },
  defaults: { intervalMs: minuteMs, timeoutMs: 20 * secondMs },
  // A host may have many VGs, and each command may wait until its deadline.
  atOnce: 4,
  questions: (known, choices) => {
    const scope = lvmScope(known);
    const monitor = asksMonitor(known, choices);
    return [undefined, ...askedAlone(scope, known)].flatMap((group) => {
      const hold = group === undefined ? scope.hold : group.hold;
      const held = hold === undefined ? {} : { hold };
      return [
        { ...lvsQuestion(monitor, group), ...held },
        { ...vgsQuestion(group), ...held },
      ];
    });
  },
  names: namesOf,
});

const asks = ['lvs', 'vgs'] as const;
type Ask = (typeof asks)[number];

const keyOf = (ask: Ask, group?: GroupScope) => (group === undefined ? ask : `${ask}@${group.vgName}`);

/**
 * One lvs and one vgs cover the whole host. While these are blocked or do not return, each VG is queried on its own, as a
 * separate query, so that a hung command is neither awaited nor started again, and the facts of each VG expire on their
 * own. This lasts until a query of the whole host has succeeded.
 */
function askedAlone({ hold, groups }: LvmScope, { sources, takenAt }: Host): readonly GroupScope[] {
  const { questions = [], intervalMs = 0 } = sources.find(({ name }) => name === source) ?? {};
  const stateOf = (ask: Ask, group?: GroupScope) => questions.find(({ key }) => key === keyOf(ask, group));
  const answeredAt = (ask: Ask, group?: GroupScope) => stateOf(ask, group)?.lastSuccessAt ?? 0;
  const isLate = groups.length > 1 && asks.some((ask) => stateOf(ask)?.outcome === 'timed-out');
  const isDue = asks.some((ask) => takenAt - answeredAt(ask) >= intervalMs);
  return groups.filter((group) => {
    const isNewer = asks.some((ask) => answeredAt(ask, group) > answeredAt(ask));
    return isNewer || (group.hold === undefined && isDue && (hold !== undefined || isLate));
  });
}

/** Querying seg_monitor starts dmeventd if it is not running (lvm2 2.02.107 and later), and waits 6 s for a stopped one. */
function asksMonitor({ daemons }: Host, { segMonitor }: Choices): boolean {
  if (segMonitor !== 'auto') return segMonitor === 'on';
  return canExtend(daemons) === true;
}

/** The last number of the 2.02 release that first has the field (lvm2 WHATS_NEW). 91 is the first one usable with thin pools. */
const volumeFields: readonly (readonly [field: string, since: number])[] = [
  ['vg_name', 91],
  ['vg_uuid', 91],
  ['lv_name', 91],
  ['lv_uuid', 91],
  ['lv_attr', 91],
  ['lv_size', 91],
  ['lv_metadata_size', 91],
  ['chunk_size', 91],
  ['data_percent', 91],
  ['metadata_percent', 91],
  ['lv_health_status', 115],
  ['lv_check_needed', 143],
  ['lv_when_full', 115],
  ['lv_profile', 99],
  ['vg_profile', 99],
  ['pool_lv', 91],
  ['origin', 91],
  ['thin_count', 91],
  ['transaction_id', 91],
  ['kernel_discards', 140],
  ['seg_monitor', 99],
];

function fieldsOf(release: number, monitor: boolean): readonly string[] {
  const fields = volumeFields.filter(([, since]) => since <= release).map(([field]) => field);
  return monitor ? fields : fields.filter((field) => field !== 'seg_monitor');
}

const groupFields = [
  ...['vg_name', 'vg_uuid', 'vg_attr', 'vg_size', 'vg_free', 'vg_extent_size', 'vg_free_count', 'pv_count'],
  ...['vg_missing_pv_count', 'pv_name'],
] as const;

function lvsQuestion(monitor: boolean, group: GroupScope | undefined): Question {
  const ask = ['lvs', '-a'] as const;
  const text = (name: string, release: number) =>
    textWay(name, ask, fieldsOf(release, monitor), group, readLvs);
  return {
    key: keyOf('lvs', group),
    note: monitor
      ? 'seg_monitor is asked'
      : 'seg_monitor is not asked: it would start dmeventd, or wait for it',
    ways: [
      jsonWay(ask, fieldsOf(158, monitor), group, 'lv', readLvs),
      text('text', 143),
      text('text-2.02.115', 115),
      text('text-2.02.99', 99),
      text('text-2.02.91', 91),
      {
        name: 'columns',
        access: { command: [...ask, ...(monitor ? ['-o+seg_monitor'] : []), ...limits(group)] },
        parse: (reading) => readLvs(parseColumnReport(reading), reading),
      },
    ],
  };
}

function vgsQuestion(group: GroupScope | undefined): Question {
  const ask = ['vgs'] as const;
  const older = groupFields.filter((field) => field !== 'vg_missing_pv_count');
  return {
    key: keyOf('vgs', group),
    ways: [
      jsonWay(ask, groupFields, group, 'vg', readVgs),
      textWay('text', ask, groupFields, group, readVgs),
      textWay('text-2.02.91', ask, older, group, readVgs),
    ],
  };
}

type Read = (rows: readonly ReportRow[], reading: Reading) => Fragment;

/** With a stopped dmeventd LVM reports "not monitored" for every pool, and this on stderr (seen: 2.03.16). */
const readLvs: Read = (rows, { stderr }) => {
  const silent = stderr.includes('No input from event server');
  return { logicalVolumes: readLogicalVolumes(silent ? rows.map(withoutMonitor) : rows) };
};

function withoutMonitor(row: ReportRow): ReportRow {
  return { ...row, seg_monitor: '' };
}

const readVgs: Read = (rows) => ({ volumeGroups: readVolumeGroups(rows) });

type Command = readonly [string, ...string[]];
const inBytes = ['--units', 'b', '--nosuffix'] as const;

function jsonWay(
  ask: Command,
  fields: readonly string[],
  group: GroupScope | undefined,
  kind: 'lv' | 'vg',
  read: Read,
): Way {
  const form = ['--reportformat', 'json', ...inBytes, '-o', fields.join(',')];
  return {
    name: 'json',
    access: { command: [...ask, ...form, ...limits(group)] },
    parse: (reading) => read(parseJsonReport(reading, kind), reading),
  };
}

function textWay(
  name: string,
  ask: Command,
  fields: readonly string[],
  group: GroupScope | undefined,
  read: Read,
): Way {
  const form = ['--noheadings', '--separator', columnSeparator, ...inBytes, '-o', fields.join(',')];
  return {
    name,
    access: { command: [...ask, ...form, ...limits(group)] },
    parse: (reading) => read(parseTextReport(reading, fields), reading),
  };
}

/**
 * Resets the settings that change the format of a report: lvm.conf may contain any of them, and report/prefixes alone makes
 * 2.03.16 print broken JSON.
 *
 * global/wait_for_locks is left unchanged. Every LVM command that changes something holds a VG's lock for a moment, and
 * autoextension most of all. With 0, `lvs` would skip that VG immediately, exit with 5 and print the others, so a pool would
 * lose its facts just when it is extended. Waiting is harmless: it is interruptible, ends at the query's deadline, and
 * older facts are kept.
 */
const plainReport =
  'log{report_command_log=0 command_names=0 prefix=""} ' +
  'report{prefixes=0 columns_as_rows=0 compact_output=0 compact_output_cols=""}';

/** The last arguments: settings, and for a single VG its name and a filter of exactly its PVs. */
function limits(group: GroupScope | undefined): readonly string[] {
  if (group === undefined) return ['--config', plainReport];
  const accepted = group.pvNames.map((pv) => `"a|^${pv.replaceAll(/[.+]/g, '[$&]')}$|"`);
  const filter = [...accepted, '"r|.*|"'].join(',');
  // A devices file would overrule the filter (man lvmdevices).
  return ['--config', `${plainReport} devices{use_devicesfile=0 filter=[${filter}]}`, group.vgName];
}
