import type { Collector } from '../../src/collectors/collector.ts';
import { dmeventd } from '../../src/collectors/lvm/dmeventd.ts';
import { lvm } from '../../src/collectors/lvm/lvm.ts';
import { lvmPolicy } from '../../src/collectors/lvm/lvm-policy.ts';
import type { LogicalVolume, VolumeGroup } from '../../src/model/facts.ts';
import { makeHost } from '../support/makers.ts';
import { captures, type Row, readBy, row } from './row.ts';

// LVM's values are exact, so each number of a fact occurs in the report unchanged, in the row of that fact.

type Raw = Readonly<Record<string, string>>;

export const lvmRows: readonly Row[] = [
  row({
    name: 'lvs as JSON',
    seeds: captures(/^lvm\/lvs\.json\.txt$/),
    parse: (text) => ask(lvm, 'lvs', 'json', text).logicalVolumes ?? [],
    check: (text, volumes) => volumes.flatMap((volume) => checkVolume(volume, rowsOfJson(text, 'lv'))),
  }),
  row({
    name: 'lvs as text',
    seeds: captures(/^lvm\/lvs\.text\.txt$/),
    parse: (text) => ask(lvm, 'lvs', 'text', text).logicalVolumes ?? [],
    check: (text, volumes) =>
      volumes.flatMap((volume) => checkVolume(volume, rowsOfText(text, fieldsOf('lvs')))),
  }),
  row({
    name: 'lvs as people see it',
    seeds: captures(/^lvm\/lvs\.columns\.txt$/),
    parse: (text) => ask(lvm, 'lvs', 'columns', text).logicalVolumes ?? [],
    check: (text, volumes) => volumes.flatMap((volume) => checkColumns(volume, text)),
  }),
  row({
    name: 'vgs as JSON',
    seeds: captures(/^lvm\/vgs\.json\.txt$/),
    parse: (text) => ask(lvm, 'vgs', 'json', text).volumeGroups ?? [],
    check: (text, groups) => groups.flatMap((group) => checkGroup(group, rowsOfJson(text, 'vg'))),
  }),
  row({
    name: 'vgs as text',
    seeds: captures(/^lvm\/vgs\.text\.txt$/),
    parse: (text) => ask(lvm, 'vgs', 'text', text).volumeGroups ?? [],
    check: (text, groups) => groups.flatMap((group) => checkGroup(group, rowsOfText(text, fieldsOf('vgs')))),
  }),
  row({
    name: 'extension policy',
    seeds: captures(/^lvmpolicy\/[^/]+\.txt$/),
    parse: (text) => ask(lvmPolicy, 'default', undefined, text).extendPolicies ?? [],
    check: (text, policies) =>
      policies.flatMap(({ thresholdPercent, stepPercent }) => [
        ...stands(text, 'thin_pool_autoextend_threshold', thresholdPercent),
        ...stands(text, 'thin_pool_autoextend_percent', stepPercent),
      ]),
  }),
  row({
    name: 'state of dmeventd',
    seeds: [
      '812 (dmeventd) S 1 812 812 0 -1 1077936192 0\n',
      '812 (dmeventd) T 1 812 812 0 -1 0\n',
      '7 (a) b) (dmeventd) D 1 7\n',
      '',
    ],
    parse: (text) => ask(dmeventd, 'dmeventd', undefined, text).daemons ?? [],
    check: (text, daemons) =>
      daemons
        .filter(({ running }) => running && !/^\d+ \(dmeventd\) [A-Z] /i.test(text))
        .map(() => 'not dmeventd, yet reported as running'),
  }),
];

function ask(collector: Collector, key: string, variant: string | undefined, text: string) {
  return readBy(
    collector.queries(makeHost(), { segMonitor: 'on' }).find((query) => query.key === key),
    variant,
    text,
  );
}

/** The requested columns, in order: the last word after `-o`. */
function fieldsOf(key: string): string[] {
  const query = lvm.queries(makeHost(), { segMonitor: 'on' }).find((candidate) => candidate.key === key);
  const input = query?.variants.find(({ name }) => name === 'text')?.input;
  const words: readonly string[] = input !== undefined && 'command' in input ? input.command : [];
  return (words[words.indexOf('-o') + 1] ?? '').split(',');
}

function rowsOfJson(text: string, kind: 'lv' | 'vg'): Raw[] {
  const rows = parseIfJson(text)?.report.flatMap((section: Record<string, Raw[]>) => section[kind]);
  // Where the whole is no JSON: each line in it that is, and each object.
  const parts = [
    ...text.split('\n').map((line) => line.replace(/,\s*$/, '')),
    ...(text.match(/\{[^{}]*\}/g) ?? []),
  ];
  const found: Raw[] = rows ?? parts.flatMap((part) => parseIfJson(part) ?? []);
  return found.map((raw) =>
    Object.fromEntries(Object.entries(raw).map(([field, value]) => [field, String(value ?? '').trim()])),
  );
}

function parseIfJson(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function rowsOfText(text: string, fields: readonly string[]): Raw[] {
  const cells = text.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  return cells.map((row) => Object.fromEntries(fields.map((field, index) => [field, row[index] ?? ''])));
}

const volumeFields = {
  vgName: 'vg_name',
  sizeBytes: 'lv_size',
  metadataSizeBytes: 'lv_metadata_size',
  chunkSizeBytes: 'chunk_size',
  dataPercent: 'data_percent',
  metadataPercent: 'metadata_percent',
  thinCount: 'thin_count',
  transactionId: 'transaction_id',
} as const;

const groupFields = {
  vgName: 'vg_name',
  sizeBytes: 'vg_size',
  freeBytes: 'vg_free',
  extentBytes: 'vg_extent_size',
  pvCount: 'pv_count',
  missingPvCount: 'vg_missing_pv_count',
} as const;

/** One row contains all of it. */
function checkVolume(volume: LogicalVolume, rows: readonly Raw[]): string[] {
  const faults = percentFaults(volume);
  const isIt = (raw: Raw) =>
    raw['lv_name']?.replaceAll(/[[\]]/g, '') === volume.lvName && holds(raw, volume, volumeFields);
  return rows.some(isIt) ? faults : [...faults, `${JSON.stringify(volume)} is no row`];
}

/** Its names and percentages are in one line. Sizes are rounded there: only whole bytes are reported. */
function checkColumns(
  { lvName, vgName, dataPercent, metadataPercent, sizeBytes }: LogicalVolume,
  text: string,
): string[] {
  const numbers = [dataPercent, metadataPercent, sizeBytes].filter((value) => value !== undefined);
  const found = text.split('\n').some((line) => {
    const numbersIn = line.split(/[\s[\]]+/).map((word) => Number(word.replace(',', '.')));
    return (
      line.includes(lvName) && line.includes(vgName) && numbers.every((value) => numbersIn.includes(value))
    );
  });
  return found ? [] : [`${vgName}/${lvName} with ${numbers} is no line`];
}

function checkGroup(group: VolumeGroup, rows: readonly Raw[]): string[] {
  return rows.some((raw) => holds(raw, group, groupFields)) ? [] : [`${JSON.stringify(group)} is no row`];
}

function percentFaults({ dataPercent = 0, metadataPercent = 0 }: LogicalVolume): string[] {
  return dataPercent <= 100 && metadataPercent <= 100 ? [] : ['more than 100 percent'];
}

/** Each number and name, as its field has it. */
function holds(raw: Raw, fact: object, fields: Readonly<Record<string, string>>): boolean {
  return Object.entries(fact).every(([name, value]) => {
    const field = fields[name];
    if (field === undefined) return true;
    const text = raw[field];
    // A report without this field shows the same in vg_attr: no PV is missing.
    if (text === undefined) return name === 'missingPvCount';
    return String(value) === text || (text !== '' && value === Number(text.replace(',', '.')));
  });
}

function stands(text: string, key: string, value: number): string[] {
  const found = [...text.matchAll(/^\s*(\w+)\s*=\s*(\d+)\s*$/gm)];
  return found.some(([, name, digits]) => name === key && Number(digits) === value)
    ? []
    : [`${key}=${value} is not there`];
}
