import type { Finding, MutedFinding } from '../model/finding.ts';
import type { Mute } from '../model/mute.ts';
import { patternOf } from '../thinpool/pool-filter.ts';

export interface Sorted<Some extends Finding> {
  readonly audible: readonly Some[];
  readonly muted: readonly (Some & MutedFinding)[];
}

/** Separates the findings that are muted now. A mute that has ended separates none. */
export function sortMuted<Some extends Finding>(
  findings: readonly Some[],
  mutes: readonly Mute[],
  now: number,
): Sorted<Some> {
  const inForce = mutes.filter(({ endsAt }) => now < endsAt);
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

function covers({ code, pool }: Mute, finding: Finding): boolean {
  if (code !== finding.code) return false;
  return pool === undefined || (finding.pool !== undefined && patternOf(pool).test(finding.pool));
}

export function describeMuted({ mutedUntil, mutedBecause }: MutedFinding): string {
  return `muted until ${mutedUntil} because ${mutedBecause}`;
}

/** `o.yaml:3: the mute of nearly-full ended on 2027-01-31; remove it, or set a later day` */
export function describeEnded({ code, pool, until, where }: Mute): string {
  const of = pool === undefined ? code : `${code} for pool ${pool}`;
  return `${where}: the mute of ${of} ended on ${until}; remove it, or set a later day`;
}
