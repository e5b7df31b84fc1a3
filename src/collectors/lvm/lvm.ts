import type { PartialFacts } from '../../model/facts.ts';
import type { Host } from '../../model/host.ts';
import { parseLvmUuid } from '../../model/names.ts';
import { minuteMs, secondMs } from '../../model/units.ts';
import { canExtend } from '../../thinpool/autoextend.ts';
import { defineCollector, type Output, type Query, type QueryOptions, type Variant } from '../collector.ts';
import { ParseError } from '../shared/errors.ts';
import { leftOut, type Partly } from '../shared/partly.ts';
import { decideBlocked, type GroupScope, keyOf, type LvmScope, type ReportName, reports } from './blocked.ts';
import { parseColumnReport } from './columns.ts';
import { readLogicalVolumes } from './logical-volume.ts';
import { lvm2 } from './needs.ts';
import { lacksPv, scopeToPools } from './pool-scope.ts';
import { columnSeparator, parseJsonReport, parseTextReport } from './report.ts';
import type { ReportRow } from './report-row.ts';
import { type ReportFields, scrambleReport, vocabulary } from './scrambling.ts';
import { readVolumeGroups } from './volume-group.ts';

const collector = 'lvm';

export const lvm = defineCollector({
  name: collector,
  help: 'Logical volumes and volume groups: monitoring, profiles, health, and free space for autoextension.',
  needs: { tool: 'lvs and vgs', ...lvm2 },
  defaults: { intervalMs: minuteMs, timeoutMs: 20 * secondMs },
  // A host may have many VGs, and each command may wait until its deadline.
  maxConcurrent: 4,
  queries: (host, queryOptions, mode) => {
    const scope = decideBlocked(host);
    const monitor = wantsMonitor(host, queryOptions);
    // What runs once remembers no VGs.
    const pools =
      queryOptions.lvmScope === 'pools' && mode === 'watch' ? scopeToPools(host, scope) : undefined;
    const groups = pools?.groups ?? separateGroups(scope, host);
    return [undefined, ...groups].flatMap((group) => {
      if (group === undefined && pools !== undefined && pools.whole === undefined)
        return [lvsQuery(monitor, group), vgsQuery(group)].map((query) => ({ ...query, ...resting }));
      const blockedBy = group === undefined ? scope.blockedBy : group.blockedBy;
      const blocked = blockedBy === undefined ? {} : { blockedBy };
      const about = group === undefined ? {} : { vg: group.vgName };
      const due = (command: ReportName) => renewal(host, keyOf(command, group), group?.vgName);
      return [
        { ...lvsQuery(monitor, group), ...blocked, ...about, ...due('lvs') },
        { ...vgsQuery(group), ...blocked, ...about, ...due('vgs') },
      ];
    });
  },
  scrambling: {
    vocabulary,
    scramble: (text, scrambler, query) => scrambleReport(text, scrambler, query, textReports),
  },
});

const resting = {
  rests: true,
  note: 'only VGs with thin pools are read (--collector.lvm.scope=pools)',
} as const;

/** Reading LVM again at once may take this share of the time at most, however often pools change. */
const renewalShare = 1 / 20;
const renewalsMs = { soonest: 5 * secondMs, latest: 30 * secondMs };

/**
 * What LVM said before a pool of its appeared, grew, began another transaction or went away is of another moment: it is
 * read again at once, and not at the end of its interval.
 */
function renewal(
  { pools, missingPools, collectors, takenAt }: Host,
  key: string,
  vgName?: string,
): { staleSince?: number } {
  const changes = [
    ...pools
      .filter((pool) => isLvms(pool) && (vgName === undefined || pool.vgName === vgName))
      .map(({ changedAt }) => changedAt ?? 0),
    ...missingPools.filter(isLvms).map(({ lastSeenAt }) => lastSeenAt),
  ];
  const changedAt = Math.max(0, ...changes);
  const states = collectors.find(({ name }) => name === collector)?.queries ?? [];
  const {
    startedAt = 0,
    lastSuccessAt = takenAt,
    lastDurationMs = 0,
  } = states.find((state) => state.key === key) ?? {};
  const apartMs = Math.min(renewalsMs.latest, Math.max(renewalsMs.soonest, lastDurationMs / renewalShare));
  const isTooSoon = takenAt - startedAt < apartMs;
  // A reading that failed since is tried again as well; one that never worked can wait.
  return lastSuccessAt >= changedAt || isTooSoon ? {} : { staleSince: takenAt };
}

function isLvms({ uuid }: { readonly uuid?: string }): boolean {
  return uuid !== undefined && parseLvmUuid(uuid) !== undefined;
}

/**
 * One lvs and one vgs cover the whole host. While these are blocked or do not return, each VG is queried on its own, as a
 * separate query, so that a hung command is neither awaited nor started again, and the facts of each VG expire on their
 * own. This lasts until a query of the whole host has succeeded.
 */
function separateGroups(
  { blockedBy, groups }: LvmScope,
  { collectors, takenAt }: Host,
): readonly GroupScope[] {
  const { queries = [], intervalMs = 0 } = collectors.find(({ name }) => name === collector) ?? {};
  const stateOf = (report: ReportName, group?: GroupScope) =>
    queries.find(({ key }) => key === keyOf(report, group));
  const succeededAt = (report: ReportName, group?: GroupScope) => stateOf(report, group)?.lastSuccessAt ?? 0;
  const isLate = groups.length > 1 && reports.some((report) => stateOf(report)?.outcome === 'timed-out');
  const isDue = reports.some((report) => takenAt - succeededAt(report) >= intervalMs);
  return groups.filter((group) => {
    const isNewer = reports.some((report) => succeededAt(report, group) > succeededAt(report));
    return isNewer || (group.blockedBy === undefined && isDue && (blockedBy !== undefined || isLate));
  });
}

/** Querying seg_monitor starts dmeventd if it is not running (lvm2 2.02.107 and later), and waits 6 s for a stopped one. */
function wantsMonitor({ daemons }: Host, { segMonitor }: QueryOptions): boolean {
  if (segMonitor !== 'auto') return segMonitor === 'on';
  return canExtend(daemons) === true;
}

/**
 * The last number of the 2.02 release that first has the field (lvm2 WHATS_NEW). 91 is the first one usable with thin
 * pools.
 */
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

/**
 * Whether it is activated at boot, which says whether an inactive pool is an event (lvm2 2.03.12); when it was made; and the id
 * of a thin volume in its pool.
 */
const newerFields = ['lv_autoactivation', 'vg_autoactivation', 'lv_time', 'thin_id'] as const;

function fieldsOf(release: number, monitor: boolean): readonly string[] {
  const fields = volumeFields.filter(([, since]) => since <= release).map(([field]) => field);
  return monitor ? fields : fields.filter((field) => field !== 'seg_monitor');
}

const groupFields = [
  ...['vg_name', 'vg_uuid', 'vg_attr', 'vg_size', 'vg_free', 'vg_extent_size', 'vg_free_count', 'pv_count'],
  ...['vg_missing_pv_count', 'pv_name'],
] as const;

/** What each PV can give. pv_attr says in every release whether it is missing, and whether it may be taken from. */
const groupAndPvFields = [...groupFields, 'pv_attr', 'pv_free'] as const;

/** The fields of every text report: an anonymous capture knows names by them. */
const textReports: ReportFields = {
  lvs: [143, 115, 99, 91].flatMap((release) => [fieldsOf(release, true), fieldsOf(release, false)]),
  vgs: [groupAndPvFields, groupFields, groupFields.filter((field) => field !== 'vg_missing_pv_count')],
};

function lvsQuery(monitor: boolean, group: GroupScope | undefined): Query {
  const command = ['lvs', '-a'] as const;
  const readLvs = parserFor(group, readEveryLv);
  const text = (name: string, release: number) =>
    textVariant(name, command, fieldsOf(release, monitor), group, readLvs);
  return {
    key: keyOf('lvs', group),
    note: monitor
      ? 'seg_monitor is requested'
      : 'seg_monitor is not requested: it would start dmeventd, or wait for it',
    variants: [
      jsonVariant('json-2.03.12', command, [...fieldsOf(158, monitor), ...newerFields], group, 'lv', readLvs),
      jsonVariant('json', command, fieldsOf(158, monitor), group, 'lv', readLvs),
      text('text', 143),
      text('text-2.02.115', 115),
      text('text-2.02.99', 99),
      text('text-2.02.91', 91),
      {
        name: 'columns',
        input: { command: [...command, ...(monitor ? ['-o+seg_monitor'] : []), ...scopeArguments(group)] },
        parse: (output) => readLvs(parseColumnReport(output), output),
      },
    ],
  };
}

function vgsQuery(group: GroupScope | undefined): Query {
  const command = ['vgs'] as const;
  const readVgs = parserFor(group, readEveryVg);
  const older = groupFields.filter((field) => field !== 'vg_missing_pv_count');
  return {
    key: keyOf('vgs', group),
    variants: [
      jsonVariant('json', command, groupAndPvFields, group, 'vg', readVgs),
      textVariant('text-pv', command, groupAndPvFields, group, readVgs),
      // Captured hosts have it.
      textVariant('text', command, groupFields, group, readVgs),
      textVariant('text-2.02.91', command, older, group, readVgs),
    ],
  };
}

type Parse = (rows: Partly<ReportRow>, output: Output) => PartialFacts;

/** With a stopped dmeventd LVM reports "not monitored" for every pool, and this on stderr (seen: 2.03.16). */
const readEveryLv: Parse = (rows, { stderr }) => {
  const silent = stderr.includes('No input from event server');
  const volumes = readLogicalVolumes(silent ? rows.records.map(withoutMonitor) : rows.records);
  return {
    logicalVolumes: volumes.records,
    ...leftOut(collector, [...rows.unreadable, ...volumes.unreadable]),
  };
};

function withoutMonitor(row: ReportRow): ReportRow {
  return { ...row, seg_monitor: '' };
}

const readEveryVg: Parse = (rows) => {
  const groups = readVolumeGroups(rows.records);
  return { volumeGroups: groups.records, ...leftOut(collector, [...rows.unreadable, ...groups.unreadable]) };
};

/** A VG that grew by a PV since its filter was made looks like one that lost a disk. */
function parserFor(group: GroupScope | undefined, parse: Parse): Parse {
  if (group?.refusesPartial !== true) return parse;
  return (rows, output) => {
    const facts = parse(rows, output);
    const isPartial =
      facts.volumeGroups?.some(lacksPv) === true ||
      facts.logicalVolumes?.some(({ health }) => health === 'partial') === true;
    if (isPartial) throw new ParseError('a VG with all of its PVs', group.vgName);
    return facts;
  };
}

type Command = readonly [string, ...string[]];
const inBytes = ['--units', 'b', '--nosuffix'] as const;

function jsonVariant(
  name: string,
  command: Command,
  fields: readonly string[],
  group: GroupScope | undefined,
  kind: 'lv' | 'vg',
  parse: Parse,
): Variant {
  const form = ['--reportformat', 'json', ...inBytes, '-o', fields.join(',')];
  return {
    name,
    input: { command: [...command, ...form, ...scopeArguments(group)] },
    parse: (output) => parse(parseJsonReport(output, kind), output),
  };
}

function textVariant(
  name: string,
  command: Command,
  fields: readonly string[],
  group: GroupScope | undefined,
  parse: Parse,
): Variant {
  const form = ['--noheadings', '--separator', columnSeparator, ...inBytes, '-o', fields.join(',')];
  return {
    name,
    input: { command: [...command, ...form, ...scopeArguments(group)] },
    parse: (output) => parse(parseTextReport(output, fields), output),
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
  'report{prefixes=0 columns_as_rows=0 compact_output=0 compact_output_cols="" time_format="%s"}';

/** The last arguments: settings, and for a single VG its name and a filter of exactly its PVs. */
function scopeArguments(group: GroupScope | undefined): readonly string[] {
  if (group === undefined) return ['--config', plainReport];
  const accepted = group.pvNames.map((pv) => `"a|^${pv.replaceAll(/[.+]/g, '[$&]')}$|"`);
  const filter = [...accepted, '"r|.*|"'].join(',');
  // A devices file would overrule the filter (man lvmdevices).
  return ['--config', `${plainReport} devices{use_devicesfile=0 filter=[${filter}]}`, '--', group.vgName];
}
