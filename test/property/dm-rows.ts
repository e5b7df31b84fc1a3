import type { Query, QueryOptions } from '../../src/collectors/collector.ts';
import { devices } from '../../src/collectors/dmsetup/devices.ts';
import { layers } from '../../src/collectors/dmsetup/layers.ts';
import { type DmLine, parseDmLines } from '../../src/collectors/dmsetup/line.ts';
import { pools } from '../../src/collectors/dmsetup/pools.ts';
import { volumes } from '../../src/collectors/dmsetup/volumes.ts';
import type { DmDevice, DmTable, PoolCounters, PoolStatus, VolumeStatus } from '../../src/model/facts.ts';
import { makeHost, makePool } from '../support/makers.ts';
import { captures, type Row, readBy, row } from './row.ts';

// What was understood is written down again, the way dmsetup prints it, and compared with the text word by word. Only
// the number of spaces and zeros before a number may differ.

const queryOptions: QueryOptions = { segMonitor: 'auto' };

/** Generations of the kernel that no capture is of, hand-written after dm-thin.c. */
const olderStatuses = [
  '0 2097152 thin-pool 7 40/1024 120/16384 -',
  '0 2097152 thin-pool 7 40/1024 120/16384 12 rw ignore_discard',
  '0 2097152 thin-pool 7 40/1024 120/16384 - ro discard_passdown error_if_no_space ',
  '0 2097152 thin-pool Error',
  '0 2097152 thin-pool ',
].map((line) => `${line}\n`);

/** After cache.rst and dm-mpath.c: no capture has these targets under a pool. */
const layerStatuses = [
  '0 41943040 cache 8 27/128 128 1/1024 0 50 0 6 0 1 0 1 writethrough 2 migration_threshold 2048 smq 0 rw - \n',
  '0 41943040 cache Fail\n',
  '0 2097152 multipath 2 0 0 0 2 1 A 0 1 0 8:16 A 0 E 0 1 0 8:32 F 3 \n',
];

export const dmRows: readonly Row[] = [
  row({
    name: 'dmsetup lines',
    seeds: captures(/^(devices\/table|volumes\/).*\.txt$/),
    parse: parseDmLines,
    check: (text, { records, unreadable }) => [
      ...countLines(text, records, unreadable),
      ...records.flatMap((line) => differs(text, line.name, writeLine(line))),
    ],
  }),
  row({
    name: 'pool status',
    seeds: [...captures(/^pools\//), ...olderStatuses],
    parse: (text) => readBy(askPool(), undefined, text).poolStatuses ?? [],
    check: (text, statuses) => [
      ...countLines(text, statuses),
      ...statuses.flatMap((status) => checkPool(text, status)),
    ],
  }),
  row({
    name: 'volume statuses',
    seeds: captures(/^volumes\//),
    parse: (text, seed) => readBy(askVolumes(seed), undefined, text),
    check: (text, { volumeStatuses = [], unreadable }) => [
      ...countLines(text, volumeStatuses, unreadable),
      ...volumeStatuses.flatMap((status) => differs(text, undefined, writeVolume(status))),
    ],
  }),
  row({
    name: 'layer statuses',
    seeds: [...captures(/^layers\//), ...layerStatuses],
    parse: (text) => readBy(askLayers(), undefined, text),
    check: (text, { layers: found = [], unreadable }) => [
      ...countLines(text, found, unreadable),
      ...found.flatMap(({ layer }) => differs(text, undefined, layer.target)),
    ],
  }),
  row({
    name: 'tables',
    seeds: captures(/^devices\/table\.txt$/),
    parse: (text) => readBy(askDevices('table'), undefined, text),
    check: (text, { tables = [] }) => [
      ...noMoreThanLines(text, tables),
      ...tables.flatMap((table) => differs(text, table.name, writeTable(table))),
    ],
  }),
  row({
    name: 'devices',
    seeds: captures(/^devices\/info\.txt$/),
    parse: (text) => readBy(askDevices('info'), undefined, text).devices ?? [],
    check: (text, found) =>
      isEmpty(text)
        ? []
        : [...noMoreThanLines(text, found), ...found.flatMap((device) => isInText(text, device))],
  }),
];

function askDevices(key: string): Query | undefined {
  return devices.queries(makeHost(), queryOptions).find((query) => query.key === key);
}

function askPool(): Query | undefined {
  return pools.queries(makeHost({ pools: [makePool({ name: 'p', dmName: 'p' })] }), queryOptions)[0];
}

function askLayers(): Query | undefined {
  const stack = [{ resource: 'data', depth: 0, device: '253:7', name: 'x', target: 'vdo' }] as const;
  return layers.queries(makeHost({ pools: [makePool({ stack })] }), queryOptions)[0];
}

/** The queried names are those of the captured text. */
function askVolumes(seed: string): Query | undefined {
  const names = linesOf(seed).map((line) => /^(.*): \d/.exec(line)?.[1] ?? 'v');
  const found = names.map((name) => ({ name, device: '253:9', suspended: false, sizeBytes: 0 }) as const);
  return volumes.queries(makeHost({ pools: [makePool({ volumes: found })] }), queryOptions)[0];
}

const linesOf = (text: string) => text.split('\n').filter((line) => line.trim() !== '');
const isEmpty = (text: string) => text.trim() === 'No devices found';

/** Single spaces, no zeros before numbers. */
function canonical(text: string): string {
  return text
    .trim()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/(?<![\w.])0+(?=\d)/g, '');
}

/** Every line is one record, but those of devices without a table; what cannot be read is counted. */
function countLines(
  text: string,
  records: readonly unknown[],
  unreadable: readonly unknown[] = [],
): string[] {
  const lines = isEmpty(text) ? [] : linesOf(text);
  const tableless = lines.filter((line) => /:\s*$/.test(line)).length;
  const length = records.length + unreadable.length;
  return length <= lines.length && length >= lines.length - tableless
    ? []
    : [`${length} records of ${lines.length} lines`];
}

/** A line that cannot be read may be a part of the name in the line beside it, which is then left out with it. */
function noMoreThanLines(text: string, records: readonly unknown[]): string[] {
  return isEmpty(text) || records.length <= linesOf(text).length ? [] : [`${records.length} records`];
}

function isInText(text: string, device: DmDevice): string[] {
  const faults = linesOf(text).map((line) => checkDevice(line, device));
  return faults.some(({ length }) => length === 0) ? [] : (faults[0] ?? ['a device of no text']);
}

/** A fault where no line, its name apart, reads like this. Further words may follow. */
function differs(text: string, name: string | undefined, written: string): string[] {
  const wanted = canonical(written);
  const found = text.split('\n').some((line) => {
    const start = name === undefined ? '' : canonical(`${name}:`);
    const words = canonical(line);
    return words.startsWith(start) && ` ${words} `.includes(` ${wanted} `);
  });
  return found ? [] : [`${JSON.stringify(text)} was read as ${JSON.stringify(wanted)}`];
}

function writeLine({ startSectors, lengthSectors, targetType, words }: DmLine): string {
  return [startSectors, lengthSectors, targetType, ...words].join(' ');
}

function writeVolume(status: VolumeStatus): string {
  const head = `${status.lengthSectors} thin`;
  if (status.state === 'readable')
    return `${head} ${status.mappedSectors} ${status.highestMappedSector ?? '-'}`;
  return head;
}

function writeTable({ startSectors, lengthSectors, targetType, target }: DmTable): string {
  const head = `${startSectors} ${lengthSectors} ${targetType}`;
  if (target.kind === 'other') return head;
  if (target.kind === 'volume') {
    const words = [target.poolDevice, target.deviceId, target.externalOrigin].filter(
      (word) => word !== undefined,
    );
    return [head, ...words].join(' ');
  }
  const { metadataDevice, dataDevice, blockSectors, lowWaterBlocks, features } = target;
  const count = features.length === 0 ? [] : [features.length, ...features];
  return [head, metadataDevice, dataDevice, blockSectors, lowWaterBlocks, ...count].join(' ');
}

/** The words of a status line after its target type, last one first found: names may resemble a target. */
function checkPool(text: string, status: PoolStatus): string[] {
  const words =
    canonical(text)
      .split(/(?:^|: )\d+ \d+ thin-pool(?: |$)/)
      .at(-1)
      ?.split(' ')
      .filter(Boolean) ?? [];
  const head = differs(text, undefined, `${status.lengthSectors} thin-pool`);
  if (status.state === 'readable') return [...head, ...checkCounters(words, status.counters)];
  const expected = status.state === 'failed' ? ['Fail'] : ['', 'Error'];
  return expected.includes(words.join(' ')) ? head : [`${words.join(' ')} was read as ${status.state}`];
}

function checkCounters(words: readonly string[], counters: PoolCounters): string[] {
  const [transaction, ...others] = words;
  const written = writeCounters(counters);
  const faults =
    others.slice(0, written.length).join(' ') === written.join(' ')
      ? []
      : [`${words.join(' ')} was read as ${written.join(' ')}`];
  if (Number(transaction) !== counters.transactionId)
    faults.push(`transaction ${transaction} was read as ${counters.transactionId}`);
  const next = others[written.length];
  // Behind the check word may stand what no kernel prints yet; before it, every word is known or the line is refused.
  const mayFollow =
    written.length >= 7 ? !/^\d{1,15}$/.test(next ?? '') || written.length > 7 : next === undefined;
  return mayFollow ? faults : [...faults, `${next} was passed over`];
}

function writeCounters(counters: PoolCounters): string[] {
  const { noSpace, needsCheck } = counters;
  const words = [
    `${counters.metadataUsedBlocks}/${counters.metadataBlocks}`,
    `${counters.dataUsedBlocks}/${counters.dataBlocks}`,
    counters.heldMetadataRoot ?? '-',
    counters.mode,
    counters.discard,
    noSpace && `${noSpace}_if_no_space`,
    needsCheck === undefined ? undefined : needsCheck ? 'needs_check' : '-',
    counters.metadataLowWaterBlocks,
  ];
  return words.filter((word) => word !== undefined).map(String);
}

function checkDevice(line: string, device: DmDevice): string[] {
  const [major, minor, attr = '', open, events, uuid, ...name] = line.split('|');
  const number = (word: string | undefined) =>
    /^\s*\d{1,15}\s*$/.test(word ?? '') ? Number(word) : undefined;
  const expected = {
    name: name.join('|'),
    device: `${number(major)}:${number(minor)}`,
    live: attr.trim().startsWith('L'),
    suspended: attr.trim()[2] === 's',
    uuid: uuid?.trim() || undefined,
    openCount: number(open),
    eventNumber: number(events),
  };
  return Object.entries(expected)
    .filter(([field, value]) => new Map(Object.entries(device)).get(field) !== value)
    .map(([field, value]) => `${field} of ${JSON.stringify(line)} is ${value}`);
}
