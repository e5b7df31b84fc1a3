import { describeNeeds, type Source } from '../../collectors/collector.ts';
import { formatAge } from '../../format/duration.ts';
import type { FailureReason, SourceState } from '../../model/source-state.ts';
import type { Diagnosis } from './diagnosis.ts';

export type SourceNeed = Pick<Source, 'name' | 'needs'>;

/** What to do about each kind of failure; `{name}` is the source, `{needs}` what it needs, `{tool}` its tool. */
const remedies: Readonly<Record<FailureReason, string>> = {
  'not-installed': 'Install {needs}, or say --collector.{name}=off.',
  'permission-denied': 'Run as root; in a container: privileged, with /dev and /run of the host.',
  'timed-out':
    'Run {tool} by hand. If it answers at last, raise --collector.{name}.timeout; if not, look at the storage or the daemon under it.',
  exited: 'Run {tool} by hand and read what it says.',
  'output-too-large': 'Report it, with what thinpool-exporter capture --scramble DIR writes.',
  unparseable: 'Report it, with what thinpool-exporter capture --scramble DIR writes.',
  unavailable:
    'If it should be here: load the driver (modprobe dm_thin_pool), or start the daemon that {tool} talks to.',
};

/** How one source fares, and what to do about it. */
export function diagnoseSource(state: SourceState, needs: readonly SourceNeed[], now: number): Diagnosis {
  const { name: about, status, questions, namesThings } = state;
  const own = needs.find(({ name }) => name === about)?.needs;
  const remedyFor = (reason: FailureReason): string =>
    remedies[reason]
      .replaceAll('{name}', about)
      .replaceAll('{needs}', own === undefined ? about : describeNeeds(own))
      .replaceAll('{tool}', own?.tool ?? about);
  if (state.stuckSince !== undefined)
    return {
      level: 'fail',
      about,
      says: `a command of it has hung for ${formatAge(now - state.stuckSince)}`,
      remedy: 'Look at the storage under the pools and at dmesg.',
    };
  if (status === 'off') return { level: namesThings ? 'fail' : 'ok', about, says: 'off, as the options say' };
  if (status === 'held')
    return { level: 'warn', about, says: `held back: ${state.heldBack ?? 'asking now would do harm'}` };
  const failed = questions.find(({ outcome }) => outcome !== undefined && outcome !== 'ok');
  if (status === 'ok' || failed?.outcome === undefined || failed.outcome === 'ok')
    return { level: 'ok', about, says: describeSuccess(state) };
  // What names devices is needed; what is absent elsewhere is not missed.
  const isMissed = status !== 'absent';
  return {
    level: namesThings ? 'fail' : isMissed ? 'warn' : 'ok',
    about,
    says: `${isMissed ? 'fails' : 'nothing to read'}: ${failed.failure ?? failed.outcome}`,
    ...(isMissed || namesThings ? { remedy: remedyFor(failed.outcome) } : {}),
  };
}

function describeSuccess({ questions }: SourceState): string {
  const answered = questions.filter(({ outcome }) => outcome === 'ok').length;
  if (questions.length === 0) return 'nothing to ask on this host';
  return `${answered} of ${questions.length} ${questions.length === 1 ? 'reading' : 'readings'}`;
}
