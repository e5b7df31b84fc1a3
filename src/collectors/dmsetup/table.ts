import type { DeviceNumber, DmTable, PoolTable, VolumeTable } from '../../model/facts.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { smallestBlockSectors } from '../../model/units.ts';
import { ParseError } from '../shared/errors.ts';
import { parseWhole } from '../shared/number.ts';
import { type Partly, readEach } from '../shared/partly.ts';
import { wholeRecords } from './cut-names.ts';
import { layoutOf, originOf } from './layout.ts';
import { type DmLine, namedLine, none, readDmLines, saysNone } from './line.ts';

/** Lines of `dmsetup table` of all devices. */
export function parseDmTables(text: string): Partly<DmTable> {
  if (saysNone(text)) return none;
  const named = wholeRecords(text, namedLine, 'first');
  const lines = readDmLines(named.records);
  const tables = readEach(lines.records, parseTable);
  return {
    records: tables.records,
    unreadable: [...named.unreadable, ...lines.unreadable, ...tables.unreadable],
  };
}

function parseTable(line: DmLine): DmTable {
  if (line.name === undefined) throw new ParseError('a device name before the table', line.text);
  const { name, startSectors, lengthSectors, targetType } = line;
  return { name, startSectors, lengthSectors, targetType, target: parseTarget(line) };
}

function parseTarget(line: DmLine): DmTable['target'] {
  if (line.targetType === 'thin-pool') return parsePool(line);
  if (line.targetType === 'thin') return parseVolume(line);
  const devices = line.words.filter(isDeviceNumber);
  return omitUndefined({
    kind: 'other',
    devices,
    layout: layoutOf(line),
    origin: originOf(line, devices),
  } as const);
}

/** `metadata data block-size low-water-mark #features feature…` (kernel dm-thin.c, pool_ctr). Sizes: sectors, blocks. */
function parsePool(line: DmLine): PoolTable {
  const [metadata, data, block, lowWater, count, ...features] = line.words;
  const blockSectors = parseWhole(block, 'the block size in sectors', line.text);
  if (blockSectors === 0 || blockSectors % smallestBlockSectors !== 0) {
    throw new ParseError(`a block size that is a multiple of ${smallestBlockSectors} sectors`, line.text);
  }
  const featureCount = count === undefined ? 0 : parseWhole(count, 'the number of features', line.text);
  if (features.length < featureCount) throw new ParseError(`${featureCount} features`, line.text);
  return {
    kind: 'pool',
    metadataDevice: parseDevice(metadata, line),
    dataDevice: parseDevice(data, line),
    blockSectors,
    lowWaterBlocks: parseWhole(lowWater, 'the low water mark in blocks', line.text),
    features: features.slice(0, featureCount),
  };
}

/** `pool device-id [external origin]`, or the one word Fail while the pool is failed (kernel dm-thin.c, thin_status). */
function parseVolume(line: DmLine): VolumeTable {
  const [pool, id, origin] = line.words;
  if (pool === 'Fail' || pool === 'Error' || pool === '-') return { kind: 'volume', unreadable: true };
  return {
    kind: 'volume',
    unreadable: false,
    poolDevice: parseDevice(pool, line),
    deviceId: parseWhole(id, 'a thin device id', line.text),
    ...(origin === undefined ? {} : { externalOrigin: parseDevice(origin, line) }),
  };
}

function parseDevice(word: string | undefined, line: DmLine): DeviceNumber {
  if (word === undefined || !isDeviceNumber(word)) throw new ParseError('a device as major:minor', line.text);
  return word;
}

function isDeviceNumber(word: string): word is DeviceNumber {
  return /^\d{1,10}:\d{1,10}$/.test(word);
}
