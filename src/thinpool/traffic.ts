import type { DeviceTraffic } from '../model/facts.ts';
import type { Volume } from '../model/pool.ts';

/** Undefined if it is not known. */
export type TrafficOf = (volume: Pick<Volume, 'name' | 'device'>) => DeviceTraffic | undefined;

const indexes = new WeakMap<readonly DeviceTraffic[], ReadonlyMap<string, DeviceTraffic>>();

/** Indexed once for each list, which changes once a minute. A number that another volume had is not taken for its own. */
export function trafficIn(list: readonly DeviceTraffic[]): TrafficOf {
  const index = indexes.get(list) ?? new Map(list.map((one) => [one.name, one]));
  indexes.set(list, index);
  return ({ name, device }) => {
    const found = index.get(name);
    return found?.device === device ? found : undefined;
  };
}
