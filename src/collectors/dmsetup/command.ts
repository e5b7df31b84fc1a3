import type { Needs, Output } from '../collector.ts';
import { Denied, Exited, Unavailable } from '../shared/errors.ts';

/**
 * Names as in the kernel (`with\\x20space`), for input and output. By default dmsetup prints them unmangled, with any byte,
 * and prints nothing about any device if one device has a raw special character in its name (seen: libdm 1.02.185). With
 * `none`, names in output, in arguments and in sysfs are the same.
 */
export const asNamed = ['--manglename', 'none'] as const;

export const dmsetup: Needs = {
  tool: 'dmsetup',
  package: 'dmsetup or device-mapper',
  version: {
    of: 'dmsetup',
    input: { command: ['dmsetup', ...asNamed, 'version'] },
    pattern: /Library version:\s*(?<version>\S+)/,
  },
};

const withoutDriver =
  /Failure to communicate with kernel device-mapper driver|Is device-mapper driver missing/;
const withoutRights = /Permission denied|Operation not permitted/;

/**
 * The error behind a failed dmsetup. The order matters: without permission it prints both messages
 * (lvm2 libdm/ioctl/libdm-iface.c, _open_control).
 */
export function dmsetupFailure(output: Output): Error {
  if (withoutRights.test(output.stderr))
    return new Denied('dmsetup needs root (CAP_SYS_ADMIN and /dev/mapper/control)');
  if (withoutDriver.test(output.stderr))
    return new Unavailable('this kernel has no device-mapper driver loaded');
  return new Exited(output.exitCode, output.stderr);
}
