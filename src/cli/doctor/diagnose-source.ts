import { describeNeeds, type Source } from '../../collectors/collector.ts';
import { formatAge } from '../../format/duration.ts';
import type { FailureReason, SourceState } from '../../model/source-state.ts';
import type { Diagnosis } from './diagnosis.ts';

export type SourceNeed = Pick<Source, 'name' | 'needs'>;

/** The remedy for each kind of failure; `{name}` is the collector, `{needs}` what it needs, `{tool}` its tool. */
const remedies: Readonly<Record<FailureReason, string>> = {
  'not-installed': 'Install {needs}, or set --collector.{name}=off.',
  'permission-denied': 'Run as root; in a container: privileged, with /dev and /run of the host.',
  'timed-out':
    'Run {tool} by hand. If it completes, raise --collector.{name}.timeout; if not, check the storage or the daemon that it depends on.',
  exited: 'Run {tool} by hand and read its error message.',
  'output-too-large':
    'Report a bug and attach the files that `thinpool-exporter capture --scramble DIR` writes.',
  unparseable: 'Report a bug and attach the files that `thinpool-exporter capture --scramble DIR` writes.',
  unavailable:
    'If this host should have it: load the driver (modprobe dm_thin_pool), or start the daemon that {tool} connects to.',
};

/** The state of one collector, and its remedy. */
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
      says: `a command has been hanging for ${formatAge(now - state.stuckSince)}`,
      remedy: 'Check the storage under the pools, and dmesg.',
    };
  if (status === 'off') return { level: namesThings ? 'fail' : 'ok', about, says: 'off by configuration' };
  if (status === 'held')
    return { level: 'warn', about, says: `skipped: ${state.heldBack ?? 'its queries could do harm now'}` };
  const failed = questions.find(({ outcome }) => outcome !== undefined && outcome !== 'ok');
  if (status === 'ok' || failed?.outcome === undefined || failed.outcome === 'ok')
    return { level: 'ok', about, says: describeSuccess(state) };
  // Collectors that discover devices are required; any other may be absent.
  const isMissed = status !== 'absent';
  return {
    level: namesThings ? 'fail' : isMissed ? 'warn' : 'ok',
    about,
    says: `${isMissed ? 'failing' : 'nothing to read'}: ${failed.failure ?? failed.outcome}`,
    ...(isMissed || namesThings ? { remedy: remedyFor(failed.outcome) } : {}),
  };
}

function describeSuccess({ questions }: SourceState): string {
  const answered = questions.filter(({ outcome }) => outcome === 'ok').length;
  if (questions.length === 0) return 'nothing to read on this host';
  return `${answered} of ${questions.length} ${questions.length === 1 ? 'query' : 'queries'} succeeded`;
}
