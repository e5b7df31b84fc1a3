import { devices } from './devices.ts';
import { pools } from './pools.ts';
import type { Source } from './source.ts';
import { volumes } from './volumes.ts';

/** Every source, the harmless ones first: readings that fall due together are started in this order. */
export const sources: readonly Source[] = [devices, pools, volumes];
