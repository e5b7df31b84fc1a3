import type { DmDevice, Facts, KernelEvent } from '../model/facts.ts';
import type { Pool, Volume } from '../model/host.ts';
import { dmKernelName } from '../model/names.ts';

/** Retry policies of file systems that stand on these volumes. */
export function retryPoliciesOf(volumes: readonly Volume[], facts: Facts): Pool['retryPolicies'] {
  const names = new Map(volumes.map((volume) => [dmKernelName(volume.device), volume.name]));
  return facts.retryPolicies.flatMap((policy) => {
    const volume = names.get(policy.kernelName);
    return volume === undefined ? [] : [{ ...policy, volume }];
  });
}

/** Kernel messages about the pool itself or a file system on one of its volumes, one record a kind. */
export function eventsAbout(pool: DmDevice, volumes: readonly Volume[], facts: Facts): KernelEvent[] {
  const devices = new Set([pool.device, ...volumes.map((volume) => volume.device)]);
  const kernelNames = new Set([...devices].map(dmKernelName));
  const byKind = new Map<string, KernelEvent>();
  for (const event of facts.kernelEvents) {
    const isNamed =
      (event.device !== undefined && devices.has(event.device)) || kernelNames.has(event.kernelName ?? '');
    if (event.pool === undefined ? !isNamed : event.pool !== pool.device) continue;
    const before = byKind.get(event.kind);
    const count = event.count + (before?.count ?? 0);
    byKind.set(event.kind, { kind: event.kind, count, lastAt: Math.max(event.lastAt, before?.lastAt ?? 0) });
  }
  return [...byKind.values()];
}
