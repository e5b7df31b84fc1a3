import type { DockerInfo } from '../../model/facts.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { ParseError } from '../shared/errors.ts';
import { parseWhole } from '../shared/number.ts';
import { type DriverPairs, readPoolSizes, readSize } from './sizes.ts';

/** Docker's report about the storage driver: the same in both formats of `docker info` and in `GET /info`. */
export interface DriverReport {
  readonly version?: string;
  readonly driver: string;
  /** Only the pool's name is in every release. */
  readonly pairs: DriverPairs;
}

/** Builds a report from untrusted text: an invalid version is left out. */
export function toReport(driver: string, version: string | undefined, pairs: DriverPairs): DriverReport {
  if (!/^[\x21-\x7e]{1,64}$/.test(driver))
    throw new ParseError('a storage driver', `Storage Driver: ${driver}`);
  const isVersion = version !== undefined && /^\d[\w.+~-]{0,63}$/.test(version);
  return { driver, pairs, ...(isVersion ? { version } : {}) };
}

/** The pool of the devicemapper driver. Any other driver has none, which is no error. */
export function toDockerInfo({ driver, version, pairs }: DriverReport): DockerInfo {
  const kind = 'docker';
  if (driver !== 'devicemapper')
    return omitUndefined({ kind, version, driver, poolUnreadable: false, loopback: false });
  return omitUndefined({
    kind,
    version,
    driver,
    poolName: readPoolName(pairs),
    ...readPoolSizes(pairs),
    ...readLoopFiles(pairs),
    deferredRemoval: readFlag(pairs, 'Deferred Removal Enabled'),
    deferredDeletion: readFlag(pairs, 'Deferred Deletion Enabled'),
    deferredDeletedDevices: readCount(pairs, 'Deferred Deleted Device Count'),
    backingFileSystem: readFileSystem(pairs),
    // 0 if unknown to Docker (moby deviceset.go, getBaseDeviceSize).
    baseDeviceSizeBytes: readSize(pairs, 'Base Device Size') || undefined,
  });
}

/** The dm name: at most 127 bytes of what libdm does not mangle, or `\xNN` (libdm, mangle_string). */
function readPoolName(pairs: DriverPairs): string {
  const name = pairs.get('Pool Name');
  if (name !== undefined && /^[\w#+\-.:=@\\]{1,127}$/.test(name)) return name;
  throw new ParseError('the name of the pool of driver devicemapper', `Pool Name: ${name ?? ''}`);
}

/** Loop files have fields of their own since Docker 1.5; before, they were in the device fields (empty for an LVM pool). */
function readLoopFiles(
  pairs: DriverPairs,
): Pick<DockerInfo, 'dataLoopFile' | 'metadataLoopFile' | 'loopback'> {
  const dataLoopFile = readLoopFile(pairs, 'Data loop file', 'Data file');
  const metadataLoopFile = readLoopFile(pairs, 'Metadata loop file', 'Metadata file');
  const onLoopDevice = ['Data file', 'Metadata file'].some((key) =>
    /^\/dev\/loop\d+$/.test(pairs.get(key) ?? ''),
  );
  const loopback = dataLoopFile !== undefined || metadataLoopFile !== undefined || onLoopDevice;
  return omitUndefined({ dataLoopFile, metadataLoopFile, loopback });
}

function readLoopFile(pairs: DriverPairs, key: string, oldKey: string): string | undefined {
  const old = readPath(pairs, oldKey);
  return readPath(pairs, key) ?? (old?.startsWith('/dev/') === true ? undefined : old);
}

function readPath(pairs: DriverPairs, key: string): string | undefined {
  const path = pairs.get(key);
  if (path === undefined || path === '') return undefined;
  if (!/^\/[^\p{Cc}\ufffd]*$/u.test(path)) throw new ParseError('an absolute path', `${key}: ${path}`);
  return path;
}

function readFlag(pairs: DriverPairs, key: string): boolean | undefined {
  const word = pairs.get(key);
  if (word === undefined || word === 'true' || word === 'false') return word && word === 'true';
  throw new ParseError('true or false', `${key}: ${word}`);
}

function readCount(pairs: DriverPairs, key: string): number | undefined {
  const word = pairs.get(key);
  return word === undefined ? undefined : parseWhole(word, 'a number of devices', `${key}: ${word}`);
}

/** Docker prints `<unknown>` for a magic number that is not in its list: treated as absent. */
function readFileSystem(pairs: DriverPairs): string | undefined {
  const word = pairs.get('Backing Filesystem');
  return word !== undefined && /^[a-z][\w.-]{0,31}$/.test(word) ? word : undefined;
}
