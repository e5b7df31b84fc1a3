import { parseContainerDevices, parseContainerIds } from '../../src/collectors/docker/container.ts';
import { docker } from '../../src/collectors/docker/docker.ts';
import type { DeviceUser, DockerInfo } from '../../src/model/facts.ts';
import { makeHost } from '../support/makers.ts';
import * as layouts from '../unit/collectors/docker/layouts.ts';
import { captures, type Row, readBy, row, within } from './row.ts';

const { dockerJson, ...dockerTexts } = layouts;

export const dockerRows: readonly Row[] = [
  row({
    name: 'docker info as text',
    seeds: [
      ...captures(/^docker\/info\.text\.txt$/).filter((text) => text.includes('Storage Driver')),
      ...Object.values(dockerTexts),
    ],
    parse: (text) => readDockerInfo('text', text),
    check: (text, dockerInfo) => checkDockerInfo(dockerInfo, (key) => valuesInText(text, key)),
    focus: within(/[^\n]*Storage Driver(?:.*\n)*?(?=\s?Logging|\s?Execution|$)/),
  }),
  row({
    name: 'docker info as JSON',
    seeds: [
      ...captures(/^docker\/info\.json\.txt$/).filter((text) => text.includes('"DriverStatus":[')),
      dockerJson,
    ],
    parse: (text) => readDockerInfo('json', text),
    check: (text, dockerInfo) => checkDockerInfo(dockerInfo, (key) => valuesInJson(text, key)),
    focus: within(/"Driver":.*?\]\]/),
  }),
  row({
    name: 'ids of docker ps',
    seeds: captures(/^containers\/list\.txt$/),
    parse: (text) => parseContainerIds(text),
    check: (text, ids) => {
      const lines = text.split('\n').filter((line) => line !== '');
      return ids.join() === lines.join() ? [] : [`${ids} are not the lines of the text`];
    },
  }),
  row({
    name: 'devices of docker inspect',
    seeds: captures(/^containers\/inspect\.txt$/),
    parse: (text) => parseContainerDevices(text).records,
    check: (text, users) => users.flatMap((user) => checkUser(user, text)),
  }),
];

function parseIfJson(line: string) {
  try {
    return JSON.parse(line);
  } catch {
    return [];
  }
}

/** One line of the text says all of it, as JSON. */
function checkUser({ dmName, name, image }: DeviceUser, text: string): string[] {
  const isLine = (line: string): boolean => {
    const [saidName, saidImage, driver] = parseIfJson(line);
    const isImage = image === undefined || saidImage === image;
    return saidName === `/${name}` && isImage && driver?.Data?.DeviceName === dmName;
  };
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.some(isLine) ? [] : [`no line says that ${dmName} is ${name} of ${image}`];
}

function readDockerInfo(variant: string, text: string): DockerInfo {
  const [query] = docker.queries(makeHost(), { segMonitor: 'auto' });
  const [dockerInfo, second] = readBy(query, variant, text).dockerInfos ?? [];
  if (dockerInfo === undefined || second !== undefined) throw new Error('docker info is about one daemon');
  return dockerInfo;
}

/** Whatever stands behind this key, anywhere. */
function valuesInText(text: string, key: string): string[] {
  return [...text.matchAll(/^\s*([^:\n]*?)\s*:([^\n]*)$/gm)]
    .filter(([, name]) => name === key)
    .map(([, , value = '']) => value.trim());
}

function valuesInJson(text: string, key: string): string[] {
  const { Driver, ServerVersion, DriverStatus } = JSON.parse(text);
  const pairs: [string, string][] = [
    ['Storage Driver', Driver],
    ['Server Version', ServerVersion],
    ...(DriverStatus ?? []),
  ];
  return pairs.filter(([name]) => name === key).map(([, value]) => String(value).trim());
}

const sizeKeys = {
  blockSizeBytes: 'Pool Blocksize',
  dataUsedBytes: 'Data Space Used',
  dataSizeBytes: 'Data Space Total',
  dataAvailableBytes: 'Data Space Available',
  metadataUsedBytes: 'Metadata Space Used',
  metadataSizeBytes: 'Metadata Space Total',
  metadataAvailableBytes: 'Metadata Space Available',
  minimumFreeBytes: 'Thin Pool Minimum Free Space',
  baseDeviceSizeBytes: 'Base Device Size',
} as const;

const wordKeys = {
  driver: ['Storage Driver'],
  version: ['Server Version'],
  poolName: ['Pool Name'],
  dataLoopFile: ['Data loop file', 'Data file'],
  metadataLoopFile: ['Metadata loop file', 'Metadata file'],
  backingFileSystem: ['Backing Filesystem'],
  deferredRemoval: ['Deferred Removal Enabled'],
  deferredDeletion: ['Deferred Deletion Enabled'],
  deferredDeletedDevices: ['Deferred Deleted Device Count'],
} as const;

type Values = (key: string) => readonly string[];

/** Every field occurs in the text, under its key, as Docker prints it. */
function checkDockerInfo(dockerInfo: DockerInfo, values: Values): string[] {
  const fields = new Map(Object.entries(dockerInfo));
  const sizes = Object.entries(sizeKeys).flatMap(([field, key]) => {
    const bytes = fields.get(field);
    return bytes === undefined || values(key).some((text) => prints(bytes, text))
      ? []
      : [`${field} ${bytes} is not in ${values(key)}`];
  });
  const words = Object.entries(wordKeys).flatMap(([field, keys]) => {
    const word = fields.get(field);
    const found = keys.flatMap((key) => values(key).map((text) => text.replace(/^0+(?=\d)/, '')));
    return word === undefined || found.includes(String(word).replace(/^0+(?=\d)/, ''))
      ? []
      : [`${field} ${word} is not in ${found}`];
  });
  return [...sizes, ...words, ...checkReadable(dockerInfo, values)];
}

/** Go's `%.4g` and a decimal unit; or, in old releases, `%.1f` MiB and whole KiB. */
function prints(bytes: number, text: string): boolean {
  let value = bytes;
  let power = 0;
  for (; value >= 1000 && power < 6; power += 1) value /= 1000;
  const human = `${Number(value.toPrecision(4))}${['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'][power]}`;
  const old = [`${(bytes / 1024 ** 2).toFixed(1)} Mb`, `${bytes / 1024} Kb`];
  const printed = text.replace(/^0+(?=\d)/, '');
  return (
    printed.replace(' ', '') === human ||
    old.includes(printed) ||
    (text === `1000 ${smaller(power)}` && value === 1)
  );
}

function smaller(power: number): string | undefined {
  return ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'][power - 1];
}

/** A pool is unreadable only where a size that no pool has was printed, and then none of its sizes is reported. */
function checkReadable({ poolUnreadable, ...sizes }: DockerInfo, values: Values): string[] {
  if (sizes.dataSizeBytes === 0) return ['a total of 0 is reported'];
  if (!poolUnreadable) return [];
  const wholes = [sizeKeys.blockSizeBytes, sizeKeys.dataSizeBytes, sizeKeys.metadataSizeBytes];
  const printed = wholes.flatMap(values);
  const faults = printed.some((text) => /^0(\.0)? ?(B|Kb|Mb)$/.test(text))
    ? []
    : [`unreadable is reported for ${printed}`];
  return sizes.dataUsedBytes === undefined ? faults : [...faults, 'a size of an unreadable pool is reported'];
}
