import { messageOf } from '../format/error-message.ts';
import type { KernelLog } from '../io/kernel-log.ts';
import type { Context } from './context.ts';

/** Where events of pools are told; undefined where the options want none to wake a reading, or the host is a captured one. */
export function openEventLog({
  config: { poolEvents, closeWatches, collectors },
  openKernelLog,
}: Pick<Context, 'config' | 'openKernelLog'>): KernelLog | undefined {
  const isWanted = poolEvents && closeWatches > 0 && collectors['pools']?.mode !== 'off';
  return isWanted ? openKernelLog?.() : undefined;
}

/** Why events cannot be read there; undefined where they can. */
export function failureOf(kernelLog: KernelLog): string | undefined {
  try {
    kernelLog.read();
    return undefined;
  } catch (error) {
    return messageOf(error);
  } finally {
    kernelLog.close();
  }
}
