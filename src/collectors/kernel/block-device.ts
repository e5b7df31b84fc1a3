import type { BlockDevice, DeviceNumber } from '../../model/facts.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { sectorBytes } from '../../model/units.ts';
import { ParseError } from '../shared/errors.ts';
import { parseWhole } from '../shared/number.ts';

type Contents = ReadonlyMap<string, string>;

/** The attributes to read below a device's directory in sysfs; the directory itself is read as a link. */
export const blockAttributes = {
  device: 'dev',
  size: 'size',
  slaves: 'slaves',
  partition: 'partition',
  dmName: 'dm/name',
  backingFile: 'loop/backing_file',
} as const;

const folder = /^(?:\/sys\/dev\/block\/\d+:\d+|\/sys\/class\/block\/[^/]+)$/;

/** Every device that was found, once: a directory by number and one by name may be the same device. */
export function parseBlockDevices(contents: Contents): BlockDevice[] {
  const devices = new Map<DeviceNumber, BlockDevice>();
  for (const [path, target] of contents) {
    if (!folder.test(path)) continue;
    const device = parseBlockDevice(contents, path, target);
    if (device !== undefined) devices.set(device.device, device);
  }
  return [...devices.values()];
}

/** Undefined for a device that vanished between the reads of its link and of its number. */
function parseBlockDevice(contents: Contents, path: string, target: string): BlockDevice | undefined {
  const read = (attribute: string) => contents.get(`${path}/${attribute}`);
  const number = read(blockAttributes.device);
  if (number === undefined) return undefined;
  const [parent, name] = target.split('/').slice(-2);
  if (parent === undefined || name === undefined || name === '')
    throw new ParseError(`a link to a device for ${path}`, target);
  const size = read(blockAttributes.size);
  const isPartition = read(blockAttributes.partition) !== undefined;
  return omitUndefined({
    device: parseDeviceNumber(number),
    name,
    dmName: read(blockAttributes.dmName),
    // In units of 512 bytes regardless of the device's sector size (Documentation/ABI/stable/sysfs-block, size).
    sizeBytes: size === undefined ? undefined : parseWhole(size, 'a size in sectors', size) * sectorBytes,
    slaves: (read(blockAttributes.slaves) ?? '').split('\n').filter((slave) => slave !== ''),
    // A partition's directory is inside that of its disk (kernel block/partitions/core.c, add_partition).
    parent: isPartition ? parent : undefined,
    backingFile: read(blockAttributes.backingFile) || undefined,
  });
}

function parseDeviceNumber(text: string): DeviceNumber {
  const groups = /^(?<major>\d+):(?<minor>\d+)$/.exec(text)?.groups;
  if (groups === undefined) throw new ParseError('a device number major:minor', text);
  const major = parseWhole(groups['major'], 'a major number', text);
  const minor = parseWhole(groups['minor'], 'a minor number', text);
  return `${major}:${minor}`;
}
