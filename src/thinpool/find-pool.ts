import { isActive, type Pool } from '../model/pool.ts';

/**
 * The pool that a person names: as the exporter does, by its device (`vg-pool-tpool`, `/dev/mapper/vg-pool`), or by VG and LV
 * (`vg/pool`, `/dev/vg/pool`). Of two VGs with one name, the one whose pool is active.
 */
export function findPool(pools: readonly Pool[], given: string): Pool | undefined {
  const name = given.replace(/^\/dev\/mapper\//, '');
  const exact = pools.find((pool) => pool.name === name) ?? pools.find((pool) => pool.dmName === name);
  if (exact !== undefined) return exact;
  const { vg, lv } = /^(?:\/dev\/)?(?<vg>[^/]+)\/(?<lv>[^/]+)$/.exec(name)?.groups ?? {};
  if (vg === undefined) return undefined;
  const found = pools.filter(({ vgName, lvName }) => vgName === vg && lvName === lv);
  return found.find(isActive) ?? found[0];
}
