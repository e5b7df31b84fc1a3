import type { Read } from '../io/read.ts';
import { settled } from '../io/settled.ts';
import type { MeasureOutcome } from '../model/exclusive.ts';
import { secondMs } from '../model/units.ts';
import { place } from './metadata-snapshot.ts';
import { thinLsVariants } from './thin-ls.ts';

/** How an attempt to measure a pool ended. */
export interface Attempt {
  readonly outcome: MeasureOutcome;
  readonly detail?: string;
}

interface Failed extends Attempt {
  /** Set if thin_ls is past its deadline and does not end: settles when it has. */
  readonly exited?: Promise<void>;
}

interface Listing {
  readonly read: Read;
  readonly timeoutMs: number;
  /** Settles when the exporter stops. */
  readonly stopping: Promise<'stopped'>;
}

/** How long a thin_ls past its deadline may take to end, before it counts as stuck. */
const endMs = 5 * secondMs;

/** What thin_ls lists of a reserved metadata snapshot. */
export async function listVolumes(
  path: string,
  { read, timeoutMs, stopping }: Listing,
): Promise<Failed | { readonly stdout: string }> {
  for (const command of thinLsVariants(path)) {
    const pending = read({ command }, place, { timeoutMs });
    const result = await Promise.race([pending.result, stopping]);
    if (result === 'stopped') return { outcome: 'failed', detail: 'the exporter stops' };
    if (!result.ok) {
      if (result.reason === 'not-installed') continue;
      const outcome = result.reason === 'timed-out' ? 'timed-out' : 'failed';
      const hasEnded = await settled(pending.exited, endMs);
      return { outcome, detail: result.detail, ...(!hasEnded && { exited: pending.exited }) };
    }
    const { exitCode, stdout, stderr } = result.output;
    if (exitCode === 0) return { stdout };
    // What ionice and nice exit with if there is no such program.
    if (exitCode === 127) break;
    return { outcome: 'failed', detail: `thin_ls: ${stderr.trim() || `exit status ${exitCode}`}` };
  }
  return { outcome: 'not-installed', detail: 'thin_ls is not on the PATH (package thin-provisioning-tools)' };
}
