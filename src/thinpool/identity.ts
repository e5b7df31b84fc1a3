import type { Pool } from '../model/pool.ts';

/** Identifies a pool across recreation under the same name. Without a UUID, a recreated pool usually has another device number or other block sizes. */
export function identityOf({ uuid, device, table, name }: Pool): string {
  return uuid ?? (device === undefined ? name : `${device} ${table?.blockSectors}`);
}
