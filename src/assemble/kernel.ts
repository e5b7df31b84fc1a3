import type { DmDevice, Facts, KernelEvent } from '../model/facts.ts';
import { dmKernelName } from '../model/names.ts';
import type { Pool, Volume } from '../model/pool.ts';

/** Retry policies of file systems on these volumes. */
export function retryPoliciesOf(volumes: readonly Volume[], facts: Facts): Pool['retryPolicies'] {
  const names = new Map(volumes.map((volume) => [dmKernelName(volume.device), volume.name]));
  return facts.retryPolicies.flatMap((policy) => {
    const volume = names.get(policy.kernelName);
    return volume === undefined ? [] : [{ ...policy, volume }];
  });
}

/** Kernel messages about the pool or a file system on one of its volumes, one record per kind. */
export function eventsAbout(pool: DmDevice, volumes: readonly Volume[], facts: Facts): KernelEvent[] {
  const devices = new Set([pool.device, ...volumes.map((volume) => volume.device)]);
  const kernelNames = new Set([...devices].map(dmKernelName));
  const isOurs = (event: KernelEvent): boolean => {
    if (event.pool !== undefined) return event.pool === pool.device;
    return (
      (event.device !== undefined && devices.has(event.device)) || kernelNames.has(event.kernelName ?? '')
    );
  };
  return sumByKind(facts.kernelEvents.filter(isOurs));
}

function sumByKind(events: readonly KernelEvent[]): KernelEvent[] {
  const byKind = new Map<string, KernelEvent>();
  for (const { kind, count, lastAt } of events) {
    const before = byKind.get(kind);
    byKind.set(kind, {
      kind,
      count: count + (before?.count ?? 0),
      lastAt: Math.max(lastAt, before?.lastAt ?? lastAt),
    });
  }
  return [...byKind.values()].sort((one, other) => (one.kind < other.kind ? -1 : 1));
}
