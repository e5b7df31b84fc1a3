import { openMonitor } from '../collect/create-monitor.ts';
import type { Monitor } from '../collect/monitor.ts';
import { sources } from '../collectors/index.ts';
import type { Read } from '../io/read.ts';
import type { Snapshot } from '../model/host.ts';
import type { Context } from './context.ts';

export type LookContext = Pick<Context, 'config' | 'log' | 'now' | 'read'>;

/** A monitor for a command that reads once. The command shows failed queries itself, so they are only logged at level debug. */
export function openLook({ config, log, now }: LookContext, read: Read): Monitor {
  const quiet = {
    warn: (fields: object, message: string) => log.debug(fields, message),
    info: (fields: object, message: string) => log.debug(fields, message),
  };
  return openMonitor({ config, sources, read, now, log: quiet });
}

/** Reads the host once. Bounded by the timeouts of the collectors. */
export function look(context: LookContext): Promise<Snapshot> {
  return openLook(context, context.read).settle();
}
