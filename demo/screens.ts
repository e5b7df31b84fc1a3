import type { DemoHost } from './host.ts';
import { deviceScreens } from './screens/device-mapper.ts';
import { containerDevices, containerIds, infoJson, infoText } from './screens/docker.ts';
import { groupRows, policies, volumeRows } from './screens/lvm.ts';

type Row = Readonly<Record<string, string | number>>;

/** The texts that the simulated tools in `tools/` print, by file name. */
export function screensOf(host: DemoHost): ReadonlyMap<string, string> {
  const devices = deviceScreens(host);
  const info = devices.map(({ name, uuid, minor, attr, open, events }) => ({
    ...{ major: 254, minor, attr, open, events, uuid, name },
  }));
  const fileSystems = host.loopFiles.map(
    ({ file, on: { blocks, freeBlocks, type } }) => `${file}\t4096 ${blocks} ${freeBlocks} ${type}\n`,
  );
  const files = host.loopFiles.map(
    ({ file, sizeBytes, allocatedBytes }) => `${file}\t${allocatedBytes / 512} 512 ${sizeBytes}\n`,
  );
  const guests = (host.guests ?? []).map(
    ({ id, name }) => `/etc/pve/nodes/pve/qemu-server/${id}.conf:name: ${name}\n`,
  );
  return new Map([
    ['info', toTable(info)],
    ['table', devices.flatMap(({ name, table }) => table.map((line) => `${name}: ${line}\n`)).join('')],
    ['status', devices.flatMap(({ name, status }) => status.map((line) => `${name}: ${line}\n`)).join('')],
    ['lvs', toTable(volumeRows(host))],
    ['vgs', toTable(groupRows(host))],
    ['docker.json', infoJson(host)],
    ['docker.text', infoText(host)],
    ['docker.ids', containerIds(host)],
    ['docker.devices', containerDevices(host)],
    ['file-systems', fileSystems.join('')],
    ['files', files.join('')],
    ['guests', guests.join('')],
    ...Object.entries(policies).map(([name, settings]): [string, string] => [
      `policy.${name}`,
      Object.entries(settings)
        .map(([key, value]) => `${key}=${value}\n`)
        .join(''),
    ]),
  ]);
}

/** Columns separated by tabs, with a header: `report.awk` picks the requested ones. */
function toTable(rows: readonly Row[]): string {
  const names = Object.keys(rows[0] ?? {});
  const lines = rows.map((row) => names.map((name) => row[name] ?? '').join('\t'));
  return `${[names.join('\t'), ...lines].join('\n')}\n`;
}
