import type { DemoHost, DemoPool } from '../host.ts';

/** `DriverStatus` of Docker 20.10 (moby deviceset.go and deviceset's Status): sizes rounded, base 1000. */
export function driverStatus({ pools, docker }: DemoHost): readonly (readonly [string, string])[] {
  const pool = pools.find(({ dmName }) => dmName === docker?.pool);
  if (pool === undefined || docker === undefined) return [];
  const block = pool.blockSectors * 512;
  const minimumFreeBlocks = Math.floor((pool.totalBlocks * docker.minimumFreePercent) / 100);
  return [
    ['Pool Name', pool.dmName],
    ['Pool Blocksize', humanSize(block)],
    ['Base Device Size', humanSize(100 * (1 << 30))],
    ['Backing Filesystem', 'xfs'],
    ['Udev Sync Supported', 'true'],
    ...spaceLines('Data', pool.usedBlocks, pool.totalBlocks, block),
    ...spaceLines('Metadata', pool.metadataUsed, pool.metadataTotal, 4096),
    ['Thin Pool Minimum Free Space', humanSize(minimumFreeBlocks * block)],
    ['Deferred Removal Enabled', 'true'],
    ['Deferred Deletion Enabled', 'true'],
    ['Deferred Deleted Device Count', String(deferredDeletions(pool))],
    ['Library Version', '1.02.185 (2022-05-18)'],
  ];
}

function spaceLines(what: string, used: number, total: number, block: number): [string, string][] {
  return [
    [`${what} Space Used`, humanSize(used * block)],
    [`${what} Space Total`, humanSize(total * block)],
    [`${what} Space Available`, humanSize((total - used) * block)],
  ];
}

/** `docker ps --quiet --no-trunc`. */
export function containerIds(host: DemoHost): string {
  return runningIn(host)
    .map(({ container }) => `${container.id}\n`)
    .join('');
}

/** `docker inspect` of all containers, in the format that the exporter requests. */
export function containerDevices(host: DemoHost): string {
  return runningIn(host)
    .map(({ container, volume }) => {
      const data = {
        DeviceId: String(volume.deviceId),
        DeviceName: volume.dmName,
        DeviceSize: String(volume.sectors * 512),
      };
      const row = [`/${container.name}`, container.image, { Data: data, Name: 'devicemapper' }];
      return `${JSON.stringify(row)}\n`;
    })
    .join('');
}

function runningIn({ pools }: DemoHost) {
  return pools
    .flatMap(({ volumes }) => volumes)
    .flatMap((volume) => (volume.container === undefined ? [] : [{ volume, container: volume.container }]));
}

/** Docker retries later what it could not delete while the pool was full. */
function deferredDeletions({ mode }: DemoPool): number {
  return mode === 'rw' ? 0 : 2;
}

/** go-units HumanSize: `%.4g` and a unit. */
export function humanSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let size = bytes;
  let unit = 0;
  for (; size >= 1000 && unit < units.length - 1; unit += 1) size /= 1000;
  return `${Number(size.toPrecision(4))}${units[unit]}`;
}

const version = '20.10.24';

/** `docker info --format '{{json .}}'`, shortened to the fields about storage. */
export function infoJson(host: DemoHost): string {
  const info = { Containers: 3, Images: 12, Driver: 'devicemapper', DriverStatus: driverStatus(host) };
  return `${JSON.stringify({ ...info, ServerVersion: version, OSType: 'linux', Warnings: null })}\n`;
}

export function infoText(host: DemoHost): string {
  const driver = driverStatus(host).map(([key, value]) => `  ${key}: ${value}\n`);
  const before = `Client:\n Context:    default\n Debug Mode: false\n\nServer:\n Containers: 3\n Images: 12\n Server Version: ${version}\n`;
  return `${before} Storage Driver: devicemapper\n${driver.join('')} Logging Driver: json-file\n OSType: linux\n`;
}
