import type { Pool } from '../model/pool.ts';

/** What makes it this pool and no other one of its name. One made anew by hand, without a UUID, has another device number, or at least, mostly, other blocks. */
export function identityOf({ uuid, device, table, name }: Pool): string {
  return uuid ?? (device === undefined ? name : `${device} ${table?.blockSectors}`);
}
