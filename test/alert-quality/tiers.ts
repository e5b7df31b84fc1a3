const second = 1;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** How long histories of a kind last, and how closely they are looked at. Seconds. */
export interface Tier {
  readonly name: string;
  readonly duration: number;
  /** Step of the simulation: the exporter cannot poll faster. */
  readonly step: number;
  /** The usual polling interval of the exporter. */
  readonly poll: number;
  /** Prometheus neither scrapes nor evaluates faster than this: what takes hours looks the same, and costs too much. */
  readonly finest: number;
}

export const tiers = {
  minutes: { name: 'minutes', step: 1, poll: 5, finest: 5, duration: 2 * hour },
  hours: { name: 'hours', step: 5, poll: 5, finest: 15, duration: 16 * hour },
  days: { name: 'days', step: 15, poll: 15, finest: 60, duration: 6 * day },
} as const satisfies Record<string, Tier>;

/** The scrape intervals, in seconds, at which the shipped rules must hold. */
export const scrapeIntervals = [5, 15, 30, 60] as const;

/** The interval of the fastest group of the shipped rules, in seconds. */
const fastestGroup = 5;

export function scrapedEvery({ finest }: Tier, interval: number): number {
  return Math.max(finest, interval);
}

export function evaluatedEvery({ finest }: Tier): number {
  return Math.max(finest, fastestGroup);
}
