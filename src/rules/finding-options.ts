import type { Finding, MutedFinding } from '../model/finding.ts';
import type { FindingOption, Mute, SeverityOverride } from '../model/finding-option.ts';
import type { Host } from '../model/host.ts';
import { patternOf } from '../thinpool/pool-filter.ts';

export interface Sorted<Some extends Finding> {
  readonly audible: readonly Some[];
  readonly muted: readonly (Some & MutedFinding)[];
}

/** Separates the findings that are muted now. A mute that has ended separates none. */
export function sortMuted<Some extends Finding>(
  findings: readonly Some[],
  options: readonly FindingOption[],
  now: number,
): Sorted<Some> {
  const inForce = options.filter(isMute).filter((mute) => isInForce(mute, now));
  if (inForce.length === 0) return { audible: findings, muted: [] };
  const audible: Some[] = [];
  const muted: (Some & MutedFinding)[] = [];
  for (const finding of findings) {
    const mute = inForce.find((one) => covers(one, finding));
    if (mute === undefined) audible.push(finding);
    else {
      const { until: mutedUntil, endsAt: muteEndsAt, reason: mutedBecause } = mute;
      muted.push({ ...finding, mutedUntil, muteEndsAt, mutedBecause });
    }
  }
  return { audible, muted };
}

/** Gives a finding the severity that the operator has set: of several entries that cover it, the first one counts. */
export function overrideSeverity(
  options: readonly FindingOption[],
  now: number,
): <Some extends Finding>(finding: Some) => Some {
  const inForce = options.filter(isOverride).filter((override) => isInForce(override, now));
  return (finding) => {
    const override = inForce.find((one) => covers(one, finding));
    if (override === undefined || override.severity === finding.severity) return finding;
    const { severity, reason } = override;
    return { ...finding, severity, severityWas: finding.severity, severityBecause: reason };
  };
}

function isMute(option: FindingOption): option is Mute {
  return option.severity === 'muted';
}

function isOverride(option: FindingOption): option is SeverityOverride {
  return option.severity !== 'muted';
}

function isInForce({ endsAt }: FindingOption, now: number): boolean {
  return endsAt === undefined || now < endsAt;
}

function covers({ code, pool }: FindingOption, finding: Finding): boolean {
  if (code !== finding.code) return false;
  return pool === undefined || (finding.pool !== undefined && patternOf(pool).test(finding.pool));
}

export function describeMuted({ mutedUntil, mutedBecause }: MutedFinding): string {
  return `muted until ${mutedUntil} because ${mutedBecause}`;
}

/** Undefined for a finding with the severity of its rule. */
export function describeOverride({ severityWas, severityBecause }: Finding): string | undefined {
  return severityWas && `severity set by option, was ${severityWas}, because ${severityBecause}`;
}

/** The entries whose last day is over, as sentences. */
export function endedOptions(
  options: readonly FindingOption[],
  now: number,
): readonly { readonly option: FindingOption; readonly text: string }[] {
  return options
    .filter((option) => !isInForce(option, now))
    .map((option) => ({ option, text: describeEnded(option) }));
}

/** `o.yaml:3: the mute of nearly-full ended on 2027-01-31; remove it, or set a later day` */
function describeEnded({ code, pool, severity, until, where }: FindingOption): string {
  const of = pool === undefined ? code : `${code} for pool ${pool}`;
  const what = severity === 'muted' ? 'mute' : `severity ${severity}`;
  return `${where}: the ${what} of ${of} ended on ${until}; remove it, or set a later day`;
}

/** Entries whose pattern matches no pool of this host, as sentences. None while the pools are not known. */
export function unmatchedFindingOptions(
  options: readonly FindingOption[],
  { discovered, pools, missingPools }: Pick<Host, 'discovered' | 'pools' | 'missingPools'>,
): readonly string[] {
  if (!discovered) return [];
  const names = [...pools, ...missingPools].map(({ name }) => name);
  const known = names.length === 0 ? 'there are no pools' : `pools: ${names.join(', ')}`;
  return options.flatMap(({ code, pool, where }) =>
    pool === undefined || names.some((name) => patternOf(pool).test(name))
      ? []
      : [
          `${where}: findings: ${code} for pool ${pool}: no pool matches (${known}); it applies if one appears`,
        ],
  );
}
