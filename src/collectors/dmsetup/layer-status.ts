import { type Layer, type LayerStatus, layerTargets } from '../../model/facts.ts';
import { ParseError } from '../shared/errors.ts';
import { parseWhole, readWhole } from '../shared/number.ts';
import type { DmLine } from './line.ts';

/** VDO counts blocks of 4 KiB (kernel drivers/md/dm-vdo/constants.h, VDO_BLOCK_SIZE). */
const vdoBlockBytes = 4096;

/** A status line of a target that a pool may stand on. Words that a later kernel adds are ignored. Throws ParseError. */
export function parseLayerStatus(line: DmLine, name: string): LayerStatus {
  const target = layerTargets.find((one) => one === line.targetType);
  if (target === undefined) throw new ParseError(`a target ${layerTargets.join(', ')}`, line.text);
  return { name, layer: parsers[target](line) };
}

const parsers: Readonly<Record<Layer['target'], (line: DmLine) => Layer>> = {
  vdo: parseVdo,
  raid: parseRaid,
  cache: parseCache,
  multipath: parseMultipath,
};

/** `device mode recovering|- index-state compression used total` (kernel drivers/md/dm-vdo/dm-vdo-target.c, vdo_status). */
function parseVdo(line: DmLine): Layer {
  const [, mode = '', recovering, , , used, total] = line.words;
  if (!['normal', 'recovering', 'read-only'].includes(mode))
    throw new ParseError('a mode normal, recovering or read-only', line.text);
  const usedBytes = parseWhole(used, 'used blocks', line.text) * vdoBlockBytes;
  const sizeBytes = parseWhole(total, 'all blocks', line.text) * vdoBlockBytes;
  if (usedBytes > sizeBytes) throw new ParseError('no more used blocks than there are', line.text);
  const isRecovering = mode === 'recovering' || recovering === 'recovering';
  return { target: 'vdo', readOnly: mode === 'read-only', recovering: isRecovering, usedBytes, sizeBytes };
}

/**
 * `type devices health in-sync/all [action mismatches …]` (kernel Documentation/admin-guide/device-mapper/dm-raid.rst). A letter
 * for each device: `A` alive and in sync, `a` alive and not in sync yet, `D` failed, `-` not there.
 */
function parseRaid(line: DmLine): Layer {
  const [type = '', count, health = '', ratio = '', action] = line.words;
  const devices = parseWhole(count, 'the number of devices', line.text);
  if (!/^[AaD-]+$/.test(health) || health.length !== devices)
    throw new ParseError('a health letter for each device', line.text);
  const groups = /^(?<done>\d+)\/(?<all>\d+)$/.exec(ratio)?.groups;
  const [done, all] = [readWhole(groups?.['done']), readWhole(groups?.['all'])];
  if (done === undefined || all === undefined || all === 0)
    throw new ParseError('sectors in sync, of all', line.text);
  return {
    target: 'raid',
    type,
    devices,
    failedDevices: [...health].filter((letter) => letter === 'D' || letter === '-').length,
    syncedSectors: Math.min(done, all),
    sectors: all,
    ...(action !== undefined && /^[a-z]+$/.test(action) && { action }),
  };
}

/**
 * `metadata-block used/all cache-block used/all … mode needs_check|-`, or `Fail`, `Error` (kernel Documentation/admin-guide/
 * device-mapper/cache.rst). The last two words are absent before Linux 4.3.
 */
function parseCache(line: DmLine): Layer {
  const [first, , , blocks] = line.words;
  if (line.words.length === 1 && (first === 'Fail' || first === 'Error'))
    return { target: 'cache', failed: true };
  if (!/^\d+\/\d+$/.test(blocks ?? '')) throw new ParseError('used/all blocks of the cache', line.text);
  const [mode, check] = line.words.slice(-2);
  const isNew = (mode === 'rw' || mode === 'ro') && (check === 'needs_check' || check === '-');
  return {
    target: 'cache',
    failed: false,
    ...(isNew && { readOnly: mode === 'ro', needsCheck: check === 'needs_check' }),
  };
}

/** Each path is `major:minor A|F failures` (kernel drivers/md/dm-mpath.c, multipath_status). */
function parseMultipath(line: DmLine): Layer {
  const states = line.words.flatMap((word, at) => {
    const state = line.words[at + 1];
    return /^\d+:\d+$/.test(word) && (state === 'A' || state === 'F') ? [state] : [];
  });
  if (states.length === 0) throw new ParseError('at least one path with its state', line.text);
  return {
    target: 'multipath',
    paths: states.length,
    failedPaths: states.filter((state) => state === 'F').length,
  };
}
