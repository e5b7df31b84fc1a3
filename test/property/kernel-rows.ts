import type { Collector } from '../../src/collectors/collector.ts';
import { parseDf } from '../../src/collectors/kernel/df.ts';
import { filesystems } from '../../src/collectors/kernel/filesystems.ts';
import { kernel } from '../../src/collectors/kernel/kernel.ts';
import { kmsg } from '../../src/collectors/kernel/kmsg.ts';
import { mounts } from '../../src/collectors/kernel/mounts.ts';
import { traffic } from '../../src/collectors/kernel/traffic.ts';
import type { BlockDevice, KernelEvent } from '../../src/model/facts.ts';
import { makeHost, makePool } from '../support/makers.ts';
import { captures, type Row, readBy, row } from './row.ts';

const volume = { name: 'v', device: '253:9', suspended: false, sizeBytes: 0 } as const;
const knownHost = makeHost({
  pools: [makePool({ volumes: [volume] })],
  blockDevices: [{ device: '7:0', slaves: [], backingFile: '/images/data' }],
});

/** Hand-written, after sysfs: a pool's data on a loop device and its metadata on a partition. */
const stack = JSON.stringify({
  '/sys/dev/block/253:1': '../../devices/virtual/block/dm-1',
  '/sys/dev/block/253:1/dev': '253:1\n',
  '/sys/dev/block/253:1/size': '419430400\n',
  '/sys/dev/block/253:1/slaves': 'loop0\n',
  '/sys/dev/block/253:1/partition': null,
  '/sys/dev/block/253:1/dm/name': 'vg_root-dmdata\n',
  '/sys/class/block/loop0': '../../devices/virtual/block/loop0',
  '/sys/class/block/loop0/dev': '7:0\n',
  '/sys/class/block/loop0/size': '209715200\n',
  '/sys/class/block/loop0/slaves': '',
  '/sys/class/block/loop0/loop/backing_file': '/images/data\n',
  '/sys/dev/block/253:0': '../../devices/pci0000:00/block/sda/sda1',
  '/sys/dev/block/253:0/dev': '8:1\n',
  '/sys/dev/block/253:0/size': '62914560\n',
  '/sys/dev/block/253:0/partition': '1\n',
});

/** Hand-written, after sysfs. */
const retries = JSON.stringify({
  '/sys/fs/xfs/dm-9/error/metadata/ENOSPC/max_retries': '-1\n',
  '/sys/fs/xfs/dm-9/error/fail_at_unmount': '1\n',
});

export const kernelRows: readonly Row[] = [
  row({
    name: 'kernel settings',
    seeds: [
      ...captures(/^kernel\/(params|settings)\.txt$/),
      '{"/proc/sys/kernel/hung_task_detect_count":"3\\n"}',
    ],
    parse: (text) => ask(kernel, 'settings', text).kernelSettings ?? [],
    check: (text, settings) => settings.flatMap(({ name, value }) => valueIsThere(text, name, value)),
  }),
  row({
    name: 'devices under pools',
    seeds: [stack, retries],
    parse: (text) => ask(kernel, 'stack', text).blockDevices ?? [],
    check: (text, devices) => devices.flatMap((device) => checkBlockDevice(JSON.parse(text), device)),
  }),
  row({
    name: 'retries of file systems',
    seeds: [retries, stack],
    parse: (text) => ask(kernel, 'retries', text).retryPolicies ?? [],
    check: (text, policies) =>
      policies.flatMap(({ enospcMaxRetries }) =>
        enospcMaxRetries === undefined ? [] : valueIsThere(text, 'max_retries', enospcMaxRetries),
      ),
  }),
  row({
    name: 'what volumes wrote and discarded',
    seeds: captures(/^traffic\/diskstats\.txt$/).map((text) => text.replaceAll(/dm-4(?= )/g, 'dm-9')),
    parse: (text) => ask(traffic, 'diskstats', text).deviceTraffic ?? [],
    check: (text, found) =>
      found.flatMap(({ writtenBytes, discardedBytes = 0 }) => {
        const words = text.split(/[^0-9]+/).map(Number);
        const isThere = [writtenBytes, discardedBytes].every(
          (bytes) => bytes === 0 || words.includes(bytes / 512),
        );
        return isThere ? [] : [`${writtenBytes} and ${discardedBytes} are not there`];
      }),
  }),
  row({
    name: 'mounts of volumes',
    seeds: captures(/^mounts\/mounts\.txt$/),
    parse: (text) => ask(mounts, 'mounts', text.replaceAll('253:4', '253:9')).volumeMounts ?? [],
    check: (text, found) =>
      text.includes('\\')
        ? []
        : found.flatMap(({ mountPoint }) =>
            text.includes(mountPoint) ? [] : [`${mountPoint} is not there`],
          ),
  }),
  row({
    name: 'use of mounted file systems',
    seeds: captures(/^mounts\/used.*\.txt$/),
    parse: (text) =>
      parseDf({ stdout: text, stderr: '', exitCode: 0, takenAt: 0 }, [
        '/dev/mapper/vg0-home',
        '/dev/mapper/vg0-srv',
      ]),
    check: (text, { usedBytes, sizeBytes }) =>
      [usedBytes, sizeBytes].flatMap((bytes) =>
        text
          .split(/\s+/)
          .map(Number)
          .includes(bytes / 1024)
          ? []
          : [`${bytes} is not there`],
      ),
  }),
  row({
    name: 'room of file systems',
    seeds: ['4096 25600000 2355468 xfs\n', '4096 487652 101 UNKNOWN (0x794c7630)\n', '1 5 5 \n'],
    parse: (text) => ask(filesystems, '/images/data', text).fileSystems ?? [],
    check: (text, found) => {
      const [unit, blocks, free] = text.trim().split(' ').map(Number);
      const isIt = found.every(
        ({ sizeBytes, freeBytes }) =>
          sizeBytes === Number(blocks) * Number(unit) && freeBytes === Number(free) * Number(unit),
      );
      return isIt ? [] : [`${JSON.stringify(found)} is not what ${text} says`];
    },
  }),
  row({
    name: 'kernel log',
    seeds: captures(/^kmsg\//).map(linesOfInterest),
    parse: (text) => ask(kmsg, 'log', text).kernelEvents ?? [],
    check: checkEvents,
  }),
];

function ask(collector: Collector, key: string, text: string) {
  return readBy(
    collector.queries(knownHost, { segMonitor: 'auto' }).find((query) => query.key === key),
    undefined,
    text,
  );
}

function valueIsThere(text: string, pathEnd: string, value: number): string[] {
  const end = pathEnd.replace('_seconds', '');
  const found = Object.entries(JSON.parse(text)).some(
    ([path, content]) => path.endsWith(end) && Number(content) === value,
  );
  return found ? [] : [`${pathEnd} ${value} is not there`];
}

/** In one folder stand its number, its size and the last part of its link, its name. */
function checkBlockDevice(
  contents: Record<string, string>,
  { device, name, sizeBytes }: BlockDevice,
): string[] {
  const found = Object.entries(contents).some(([path, target]) => {
    const [major, minor] = String(contents[`${path}/dev`]).trim().split(':').map(Number);
    const size = contents[`${path}/size`];
    const isSize = sizeBytes === undefined ? typeof size !== 'string' : Number(size) * 512 === sizeBytes;
    return `${major}:${minor}` === device && isSize && String(target).replace(/\n$/, '').endsWith(`${name}`);
  });
  return found ? [] : [`${device} ${name} ${sizeBytes} is not there`];
}

/** The log of a whole boot is long, and hardly any of it is about storage. */
function linesOfInterest(log: string): string {
  const lines = log
    .split('\n')
    .filter((line) => /^#|device-mapper: thin|XFS|EXT4|INFO: task|Buffer I\/O|\+0x/.test(line));
  return `${lines.slice(0, 40).join('\n')}\n`;
}

/** No more events than lines, or as many as the reader says were lost; each names a device that the text names. */
function checkEvents(text: string, events: readonly KernelEvent[]): string[] {
  const lines = text.split('\n').length;
  const plain = text.replaceAll(/(?<=\D)0+(?=\d)/g, '');
  return events.flatMap(({ kind, count, device, kernelName }) => {
    const faults =
      kind !== 'records_lost' && count > lines ? [`${count} times ${kind} in ${lines} lines`] : [];
    if (device !== undefined && !plain.includes(device)) faults.push(`${device} is not in the log`);
    if (kernelName !== undefined && !text.includes('\\x') && !text.includes(kernelName))
      faults.push(`${kernelName} is not in the log`);
    return faults;
  });
}
