import { containers } from './containers.ts';
import { devices } from './devices.ts';
import { dmeventd } from './dmeventd.ts';
import { docker } from './docker.ts';
import { filesystems } from './filesystems.ts';
import { kernel } from './kernel.ts';
import { kmsg } from './kmsg.ts';
import { lvm } from './lvm.ts';
import { lvmPolicy } from './lvm-policy.ts';
import { pools } from './pools.ts';
import type { Source } from './source.ts';
import { volumes } from './volumes.ts';

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
