import { longFill, type Score, type Verdict } from './score.ts';

/** What a set of rules made of a set of histories. Times in seconds. */
export interface Summary {
  readonly histories: number;
  readonly fills: number;
  readonly fillsMissed: number;
  readonly long: number;
  readonly longLate: number;
  readonly fast: number;
  readonly fastLate: number;
  /** How long each of those took, and how long before its end it was paged. */
  readonly lateFills: readonly Pick<Verdict, 'lasts' | 'lead'>[];
  readonly tooFast: number;
  readonly crossings: number;
  readonly crossingsMissed: number;
  readonly crossingsNeverPaged: number;
  readonly leadMedian: number | undefined;
  readonly leadWorst: number | undefined;
  readonly minimumFreeLeadMedian: number | undefined;
  readonly quiet: number;
  readonly quietPaged: number;
  readonly falsePages: number;
  readonly poolMonths: number;
  readonly flaps: number;
}

const month = 30 * 86400;

export function summarize(scores: readonly Score[]): Summary {
  const verdicts = scores.flatMap((score) => score.verdicts);
  const full = verdicts.filter(({ danger }) => danger.kind === 'full');
  const minimumFree = verdicts.filter(
    ({ danger, isTooFast }) => danger.kind === 'minimum_free' && !isTooFast,
  );
  const possible = full.filter(({ isTooFast }) => !isTooFast);
  const long = possible.filter(({ lasts }) => lasts >= longFill);
  const fast = possible.filter(({ lasts }) => lasts < longFill);
  const quiet = scores.filter(({ history }) => history.truth.isQuiet);
  const leads = leadsOf(possible);
  return {
    histories: scores.length,
    fills: possible.length,
    fillsMissed: possible.filter(isMissed).length,
    long: long.length,
    longLate: long.filter(({ isLate }) => isLate).length,
    fast: fast.length,
    fastLate: fast.filter(({ isLate }) => isLate).length,
    lateFills: fast.filter(({ isLate }) => isLate).map(({ lasts, lead }) => ({ lasts, lead })),
    tooFast: full.length - possible.length,
    crossings: minimumFree.length,
    crossingsMissed: minimumFree.filter(isMissed).length,
    crossingsNeverPaged: minimumFree.filter((verdict) => isMissed(verdict) && !verdict.isToldAfter).length,
    leadMedian: leads[Math.floor(leads.length / 2)],
    leadWorst: leads[0],
    minimumFreeLeadMedian: leadsOf(minimumFree)[Math.floor(minimumFree.length / 2)],
    quiet: quiet.length,
    quietPaged: quiet.filter(({ falsePages }) => falsePages > 0).length,
    falsePages: quiet.reduce((sum, { falsePages }) => sum + falsePages, 0),
    poolMonths: quiet.reduce((sum, { history }) => sum + history.tier.duration, 0) / month,
    flaps: scores.reduce((sum, { flaps }) => sum + flaps, 0),
  };
}

function isMissed({ lead }: Verdict): boolean {
  return lead === undefined;
}

/** A missed one has no lead at all. */
function leadsOf(verdicts: readonly Verdict[]): number[] {
  return verdicts.map(({ lead }) => lead ?? 0).sort((one, other) => one - other);
}
