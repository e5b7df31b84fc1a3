import type { Consumer, Facts } from '../model/facts.ts';

/** Who says that it uses the pool, by any of the names the pool goes under. */
export function joinConsumer(facts: Facts, names: readonly string[]): Consumer | undefined {
  return facts.consumers.find(({ poolName }) => poolName !== undefined && names.includes(poolName));
}
