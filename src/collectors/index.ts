import { containers } from '../sources/containers.ts';
import { dmeventd } from '../sources/dmeventd.ts';
import { docker } from '../sources/docker.ts';
import { filesystems } from '../sources/filesystems.ts';
import { kernel } from '../sources/kernel.ts';
import { kmsg } from '../sources/kmsg.ts';
import { lvm } from '../sources/lvm.ts';
import { lvmPolicy } from '../sources/lvm-policy.ts';
import type { Source } from './collector.ts';
import { devices } from './dmsetup/devices.ts';
import { pools } from './dmsetup/pools.ts';
import { volumes } from './dmsetup/volumes.ts';

/** Every source, the harmless ones first: readings that fall due together are started in this order. */
export const sources: readonly Source[] = [
  devices,
  pools,
  volumes,
  kmsg,
  kernel,
  filesystems,
  dmeventd,
  lvmPolicy,
  lvm,
  docker,
  containers,
];
