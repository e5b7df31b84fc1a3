import { messageOf } from '../format/error-message.ts';
import type { KernelLog } from '../io/kernel-log.ts';
import type { Context } from './context.ts';

/** The kernel log for pool events; undefined if the options disable polling on events, or the host is a captured one. */
export function openEventLog({
  config: { poolEvents, maxFastPolled, collectors },
  openKernelLog,
}: Pick<Context, 'config' | 'openKernelLog'>): KernelLog | undefined {
  const isWanted = poolEvents && maxFastPolled > 0 && collectors['pools']?.mode !== 'off';
  return isWanted ? openKernelLog?.() : undefined;
}

/** Why the kernel log cannot be read; undefined if it can. Closes it. */
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
