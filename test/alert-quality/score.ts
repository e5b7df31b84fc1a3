import type { History } from './history.ts';
import type { Firing } from './promtool.ts';
import { evaluatedEvery, scrapedEvery } from './tiers.ts';
import type { Danger } from './truth.ts';

/** How a danger was announced. */
export interface Verdict {
  readonly danger: Danger;
  /** From the start of the writing that led to it. */
  readonly lasts: number;
  /** From the first page to the danger; undefined where none came before it. */
  readonly lead: number | undefined;
  /** What poll, scrape and evaluation leave no time for: no page can come before it. */
  readonly isTooFast: boolean;
  readonly isLate: boolean;
  /** Paged once it was there, within a minute or two. */
  readonly isToldAfter: boolean;
}

export interface Score {
  readonly history: History;
  readonly verdicts: readonly Verdict[];
  /** Pages on a history in which nothing ever happens. */
  readonly falsePages: number;
  readonly flaps: number;
}

const minute = 60;
/** A fill that lasts at least this has to be paged with at least that lead. */
export const longFill = 60 * minute;
export const leadOfLong = 15 * minute;
/** A faster one: from when it is this near on. A person cannot act on it in time, but a program can. */
export const nearBy = 80;
/** An alert that comes back within this is about the same event. */
const sameEvent = 6 * 60 * minute;
const toldWithin = 2 * minute;

/**
 * How soon after the writes began a page can come at the earliest: the exporter needs two polls to see that usage grows,
 * the next scrape takes that to Prometheus, and the next evaluation fires.
 */
export function reaction({ tier, course: { step } }: History, interval: number): number {
  return 2 * Math.max(tier.poll, step) + scrapedEvery(tier, interval) + evaluatedEvery(tier);
}

/** Holds the pages of one history, at this scrape interval, against what came of it. */
export function scoreOf(history: History, firings: readonly Firing[], interval: number): Score {
  const pages = pagesOf(firings);
  return {
    history,
    verdicts: history.truth.dangers.map((danger) => verdictOn(danger, firings, reaction(history, interval))),
    falsePages: history.truth.isQuiet ? pages.length : 0,
    flaps: flapsIn(pages),
  };
}

/** What is to be said against the rules, in words. */
export function faultsOf({ verdicts, falsePages, flaps }: Score): string[] {
  const missed = verdicts
    .filter(({ isLate, lead, isTooFast }) => !isTooFast && (isLate || lead === undefined))
    .map(
      ({ danger: { resource, kind }, lead, lasts }) =>
        `${resource} ${kind} in ${Math.round(lasts)} s ${lead === undefined ? 'missed' : `with a lead of ${Math.round(lead)} s`}`,
    );
  if (falsePages > 0) missed.push(`${falsePages} false`);
  if (flaps > 0) missed.push(`${flaps} flaps`);
  return missed;
}

function verdictOn(danger: Danger, pages: readonly Firing[], allowed: number): Verdict {
  const { at, onset, resource } = danger;
  const about = pages.filter(({ labels }) => (labels['resource'] ?? resource) === resource);
  const before = about.filter(({ from, to }) => from < at && to > onset);
  const lasts = at - onset;
  const lead =
    before.length === 0 ? undefined : at - Math.max(onset, Math.min(...before.map(({ from }) => from)));
  const isTooFast = lasts <= allowed;
  const wanted = lasts >= longFill ? leadOfLong : Math.min(lasts, nearBy) - allowed;
  return {
    danger,
    lasts,
    lead,
    isTooFast,
    isLate: !isTooFast && (lead ?? 0) < wanted,
    isToldAfter: lead === undefined && about.some(({ from }) => from >= at && from - at <= toldWithin),
  };
}

/** One notification: what the example configuration puts into one group fires as one. */
interface Page {
  readonly alert: string;
  readonly from: number;
  to: number;
}

function pagesOf(firings: readonly Firing[]): Page[] {
  const pages = new Map<string, Page[]>();
  for (const { labels, from, to } of [...firings].sort((one, other) => one.from - other.from)) {
    const alert = `${labels['alertname']} ${labels['resource'] ?? ''}`;
    const before = pages.get(alert) ?? [];
    pages.set(alert, before);
    const last = before.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else before.push({ alert, from, to });
  }
  return [...pages.values()].flat();
}

function flapsIn(pages: readonly Page[]): number {
  return pages.filter(({ alert, from }) =>
    pages.some((other) => other.alert === alert && other.to < from && from - other.to < sameEvent),
  ).length;
}
