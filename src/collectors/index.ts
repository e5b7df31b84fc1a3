import type { Collector } from './collector.ts';
import { devices } from './dmsetup/devices.ts';
import { layers } from './dmsetup/layers.ts';
import { pools } from './dmsetup/pools.ts';
import { volumes } from './dmsetup/volumes.ts';
import { containers } from './docker/containers.ts';
import { docker } from './docker/docker.ts';
import { guests } from './guests/guests.ts';
import { filesystems } from './kernel/filesystems.ts';
import { kernel } from './kernel/kernel.ts';
import { kmsg } from './kernel/kmsg.ts';
import { mounts } from './kernel/mounts.ts';
import { traffic } from './kernel/traffic.ts';
import { dmeventd } from './lvm/dmeventd.ts';
import { lvm } from './lvm/lvm.ts';
import { lvmPolicy } from './lvm/lvm-policy.ts';
import { names } from './names/names.ts';
import { pagers } from './pagers/pagers.ts';

/** All collectors, harmless ones first: queries that are due together start in this order. */
export const collectors: readonly Collector[] = [
  devices,
  pools,
  volumes,
  layers,
  kmsg,
  kernel,
  traffic,
  filesystems,
  mounts,
  dmeventd,
  lvmPolicy,
  lvm,
  docker,
  containers,
  names,
  guests,
  pagers,
];
