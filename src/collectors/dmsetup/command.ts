import type { Needs, Reading } from '../collector.ts';
import { Denied, Exited, Unavailable } from '../shared/errors.ts';

/**
 * Names go in and out as the kernel has them (`with\\x20space`). By default dmsetup prints them unmangled, which can
 * hold any byte, and prints nothing at all about any device once one device has a raw odd character in its name
 * (seen: libdm 1.02.185). With `none` what is printed, what is passed back and what sysfs says are the same.
 */
export const asNamed = ['--manglename', 'none'] as const;

export const dmsetup: Needs = {
  tool: 'dmsetup',
  package: 'dmsetup or device-mapper',
  version: {
    of: 'dmsetup',
    access: { command: ['dmsetup', ...asNamed, 'version'] },
    pattern: /Library version:\s*(?<version>\S+)/,
  },
};

const withoutDriver =
  /Failure to communicate with kernel device-mapper driver|Is device-mapper driver missing/;
const withoutRights = /Permission denied|Operation not permitted/;

/**
 * Why a dmsetup that exited with an error gave nothing. The order matters: without rights it prints both
 * sentences (lvm2 libdm/ioctl/libdm-iface.c, _open_control).
 */
export function dmsetupFailure(reading: Reading): Error {
  if (withoutRights.test(reading.stderr))
    return new Denied('dmsetup needs root (CAP_SYS_ADMIN and /dev/mapper/control)');
  if (withoutDriver.test(reading.stderr))
    return new Unavailable('this kernel has no device-mapper driver loaded');
  return new Exited(reading.exitCode, reading.stderr);
}
