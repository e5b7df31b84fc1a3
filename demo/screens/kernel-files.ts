/** Files of the kernel and of daemons on the simulated host, by path. They do not change. */
export const kernelFiles: Readonly<Record<string, string>> = {
  '/sys/module/dm_thin_pool/parameters/no_space_timeout': '60\n',
  ...loopDevice(0, 100 << 21, 'data'),
  ...loopDevice(1, 2 << 21, 'metadata'),
  '/run/dmeventd.pid': '812\n',
  '/proc/812/stat': `812 (dmeventd) S 1 812 812 0 -1 4194560 ${Array(43).fill(0).join(' ')}\n`,
};

/** Targets of symbolic links, by path. */
export const kernelLinks: Readonly<Record<string, string>> = {
  '/sys/dev/block/7:0': '../../devices/virtual/block/loop0',
  '/sys/dev/block/7:1': '../../devices/virtual/block/loop1',
};

/** A loop device in sysfs. A whole device on a file has no `slaves`. */
function loopDevice(minor: number, sectors: number, file: string): Record<string, string> {
  const folder = `/sys/devices/virtual/block/loop${minor}`;
  return {
    [`${folder}/dev`]: `7:${minor}\n`,
    [`${folder}/size`]: `${sectors}\n`,
    [`${folder}/loop/backing_file`]: `/var/lib/docker.old/devicemapper/devicemapper/${file}\n`,
  };
}
