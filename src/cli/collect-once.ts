import type { Carried } from '../collect/carried.ts';
import { createMonitor } from '../collect/create-monitor.ts';
import type { Monitor } from '../collect/monitor.ts';
import { collectors } from '../collectors/index.ts';
import type { Read } from '../io/read.ts';
import type { Snapshot } from '../model/host.ts';
import type { Context } from './context.ts';

export type CollectContext = Pick<Context, 'config' | 'log' | 'now' | 'read'>;

/** A monitor for a command that reads once. The command shows failed queries itself, so they are only logged at level debug. */
export function createOnceMonitor(
  { config, log, now }: CollectContext,
  read: Read,
  carried?: Carried,
): Monitor {
  const quiet = {
    warn: (fields: object, message: string) => log.debug(fields, message),
    info: (fields: object, message: string) => log.debug(fields, message),
  };
  return createMonitor({ config, collectors, read, now, log: quiet, ...(carried && { carried }) });
}

/** Reads the host once. Bounded by the timeouts of the collectors. */
export function collectOnce(context: CollectContext): Promise<Snapshot> {
  return createOnceMonitor(context, context.read).collectOnce();
}
