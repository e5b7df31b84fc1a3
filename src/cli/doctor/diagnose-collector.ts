import { type Collector, describeNeeds } from '../../collectors/collector.ts';
import { noDeviceMapper } from '../../format/describe-state.ts';
import { formatAge } from '../../format/duration.ts';
import type { CollectorState, FailureReason } from '../../model/collector-state.ts';
import type { Host } from '../../model/host.ts';
import type { Diagnosis } from './diagnosis.ts';

export type CollectorNeed = Pick<Collector, 'name' | 'needs'>;

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
export function diagnoseCollector(
  state: CollectorState,
  needs: readonly CollectorNeed[],
  { takenAt: now, unreadable }: Pick<Host, 'takenAt' | 'unreadable'>,
): Diagnosis {
  const { name: about, status, queries, discovers } = state;
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
      message: `a command has been hanging for ${formatAge(now - state.stuckSince)}`,
      remedy: 'Check the storage under the pools, and dmesg.',
    };
  if (status === 'off') return { level: discovers ? 'fail' : 'skip', about, message: 'off by configuration' };
  if (status === 'blocked')
    return { level: 'warn', about, message: `skipped: ${state.blocked ?? 'its queries could do harm now'}` };
  const failed = queries.find(({ outcome }) => outcome !== undefined && outcome !== 'ok');
  if (status === 'ok' || failed?.outcome === undefined || failed.outcome === 'ok') {
    const [odd, ...more] = unreadable.filter(({ collector }) => collector === about);
    if (odd === undefined)
      return { level: queries.length === 0 ? 'skip' : 'ok', about, message: describeSuccess(state) };
    const message = `${more.length + 1} records could not be read and were left out, such as: ${odd.reason}`;
    return {
      level: 'warn',
      about,
      message: more.length === 0 ? `one record could not be read and was left out: ${odd.reason}` : message,
      remedy: remedyFor('unparseable'),
    };
  }
  const why = failed.failure ?? failed.outcome;
  if (status === 'absent')
    return {
      level: 'skip',
      about,
      message: discovers ? `${noDeviceMapper}: ${why}` : `nothing to read: ${why}`,
      ...(discovers && {
        remedy: `${remedyFor(failed.outcome)} \`thinpool-exporter demo\` shows a simulated host.`,
      }),
    };
  // Nothing is known without those that discover devices.
  return {
    level: discovers ? 'fail' : 'warn',
    about,
    message: `failing: ${why}`,
    remedy: remedyFor(failed.outcome),
  };
}

function describeSuccess({ queries }: CollectorState): string {
  const succeeded = queries.filter(({ outcome }) => outcome === 'ok').length;
  if (queries.length === 0) return 'nothing to read on this host';
  return `${succeeded} of ${queries.length} ${queries.length === 1 ? 'query' : 'queries'} succeeded`;
}
